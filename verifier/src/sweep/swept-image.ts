import * as z from "zod";
import { orderSchema, withoutSchema } from "../reporting/record-schema";
import { REASON_CODES, type ReasonCode, STATUSES } from "../verification/verdict";

const text = z.string().min(1);
const time = z.iso.datetime();

/** Where an image runs: the containers of this name of a service, or of a family's tasks without a service, with one of them as example. */
export const sweptPlaceSchema = z.object({
  /** ARN of the cluster. */
  cluster: text,
  /** `service:<name>` or `family:<family>`. */
  group: text.exactOptional(),
  container: text,
  /** Running containers. */
  containers: z.int().min(1),
  /** One of the tasks. */
  task: z.object({ arn: text, taskDefinition: text, launchType: text.exactOptional(), createdAt: time }),
});

/** The signatures that made an image trusted. */
const trustedSchema = z.object({
  /** Their digests. */
  signatures: z.array(text),
  /** ARNs of their signing jobs, where the signatures name them. */
  jobs: z.array(text),
  /** ARNs of their profile versions. */
  signers: z.array(text),
  /** When the first of them ends. */
  until: text.exactOptional(),
});

/**
 * What a sweep remembers of a running image, so that the next one can tell what has changed, and a report what runs. A reader may be
 * older than what is deployed: fields that it does not know are dropped.
 */
export const sweptImageSchema = z.object({
  /** What tells it from other images. The same from run to run. */
  key: text,
  kind: z.enum(["image", "aws-injected", "undetermined"]),
  /** `registry/repository`. Absent for a container without a valid reference. */
  repository: text.exactOptional(),
  digest: text.exactOptional(),
  /** The reference that was judged; empty if ECS reports none. */
  reference: z.string(),
  status: z.enum(STATUSES),
  code: z.enum<readonly ReasonCode[]>(REASON_CODES),
  /** For people. Others control parts of it. */
  detail: z.string(),
  /** ARNs of the profile versions of the signatures that counted; of a denial, of the one that decided. */
  signers: z.array(text),
  /** When the first signature that counted ends. */
  validUntil: text.exactOptional(),
  order: z.object(orderSchema.shape).exactOptional(),
  without: z.object(withoutSchema.shape).exactOptional(),
  /** In the run, at all places. */
  containers: z.int().min(1),
  /** Places beyond these, which are those with the most containers. */
  morePlaces: z.int().min(0),
  places: z.array(sweptPlaceSchema),
  /** Whether a launch of it was judged before: false for what was never launched under our eyes. */
  seenAtLaunch: z.boolean(),
  /** The last verdict before this one that was not inconclusive. Absent at the first. */
  before: z.object({ status: z.enum(STATUSES), code: z.enum<readonly ReasonCode[]>(REASON_CODES) }).exactOptional(),
  /** When the exemption ends by which it runs. */
  exemptUntil: text.exactOptional(),
  /** Since which sweep it has had this code. */
  since: time,
  /** By what the last sweep that found it trusted did so. */
  trusted: trustedSchema.exactOptional(),
  /** Of what is not trusted: a signature by a listed profile is revoked, whatever decided. */
  revoked: z.literal(true).exactOptional(),
  /** Since which sweep it could not be judged. */
  openSince: time.exactOptional(),
  /** Of the run that judged it. */
  run: time,
  judgedAt: time,
  /** Hash of the trust document and of the orders for this digest that it was judged with. */
  judgedWith: text,
});

export type SweptPlace = Readonly<z.infer<typeof sweptPlaceSchema>>;
export type SweptImage = Readonly<z.infer<typeof sweptImageSchema>>;
