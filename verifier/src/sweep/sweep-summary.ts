import * as z from "zod";
import { REASON_CODES, type ReasonCode, STATUSES } from "../verification/verdict";

const count = z.int().min(0);
const time = z.iso.datetime();

/** What one sweep has found, as a whole. A reader may be older than what is deployed: fields that it does not know are dropped. */
export const sweepSummarySchema = z.object({
  /** The time for which it was scheduled: its name. */
  run: time,
  finishedAt: time,
  clusters: count,
  tasks: count,
  /** Running containers. */
  containers: count,
  /** Running containers whose image was judged: trusted, denied or exempt. Those of inconclusive images are not counted. */
  judged: count,
  images: count,
  byCode: z.array(
    z.object({
      status: z.enum(STATUSES),
      code: z.enum<readonly ReasonCode[]>(REASON_CODES),
      images: count,
      containers: count,
    }),
  ),
  /** Images that were not denied in the sweep before, or not known to it. */
  newlyDenied: count,
  /** Those of them whose signature was revoked or has expired. */
  newlyRevokedOrExpired: count,
  /** Trusted images whose first signature ends within 30 days. */
  endingSoon: count,
  /** Images that run by an exemption, of the trust document or of the moment. */
  exempted: count,
  /** Those of them whose exemption ends within 30 days. */
  exemptionsEnding: count,
  /** Images that run and were never launched under our eyes. */
  neverLaunched: count,
  /** Clusters that could not be read; and how many more there are, which are not listed. */
  unread: z.array(z.object({ place: z.string(), error: z.string() })),
  moreUnread: count.exactOptional(),
});

export type SweepSummary = Readonly<z.infer<typeof sweepSummarySchema>>;
