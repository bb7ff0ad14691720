import { createHash } from "node:crypto";
import * as z from "zod";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import { isInForce, isOver } from "./decide";
import { ID_PATTERN, OWNER_PATTERN, REASON_PATTERN } from "./grammar";
import { proofBytes, textLike, timeText } from "./item-fields";

/** An opening with this service is for every service of the environment. */
export const EVERY_SERVICE = "all";

/**
 * An order of the moment that opens the deployment gate for one service, or for all. Times are ISO 8601 in UTC, with
 * milliseconds.
 */
export interface Opening {
  readonly kind: "open";
  readonly id: string;
  /** ARN of the ECS service, or {@link EVERY_SERVICE}. */
  readonly service: string;
  readonly from: string;
  readonly until: string;
  /** Who answers for it. CloudTrail says who gave it. */
  readonly owner?: string;
  readonly reason: string;
}

/** An opening as it is in the table: with its proof, which has not been checked yet. */
export interface WrittenOpening {
  readonly opening: Opening;
  readonly proof: Uint8Array;
}

const SERVICE_PATTERN = /^(?:all|arn:aws[a-z0-9-]{0,20}:ecs:[a-z0-9-]{1,30}:\d{12}:service\/[A-Za-z0-9/_-]{1,512})$/;

const itemSchema = z.object({
  kind: z.object({ S: z.literal("open") }).transform(({ S }) => S),
  id: textLike(ID_PATTERN),
  service: textLike(SERVICE_PATTERN),
  from: timeText,
  until: timeText,
  owner: textLike(OWNER_PATTERN).optional(),
  reason: textLike(REASON_PATTERN),
  proof: proofBytes,
});

/** The key of the openings for a service in the table of orders, in the place of a digest. No digest begins like this. */
export function openingKey(service: string): string {
  return `gate#${service}`;
}

/** Whether an item of the table of orders has the key of an opening. */
export function isOpeningKey(key: string): boolean {
  return key.startsWith("gate#");
}

/**
 * Reads an item of the table, which may have been written by anyone with access to it.
 *
 * @param service what was asked for: the ARN of a service, or {@link EVERY_SERVICE}.
 * @returns the opening; or, if the item is none, what is wrong with it, as text without any of its contents.
 */
export function parseOpening(item: unknown, service: string): WrittenOpening | string {
  const parsed = itemSchema.safeParse(item);
  if (!parsed.success) {
    const fields = new Set(parsed.error.issues.map(({ path }) => String(path[0] ?? "the whole")));
    return `unreadable: ${[...fields].join(", ")}`;
  }
  const { proof, ...fields } = parsed.data;
  const opening: Opening = withoutUndefined(fields);
  if (opening.service !== service) return "about another service";
  if (opening.until <= opening.from) return "ends before it begins";
  return { opening, proof };
}

/** What the proof of an opening is bound to, as with other orders: `proofContext`. */
export function openingContext(opening: Opening, environment: string): Readonly<Record<string, string>> {
  const { service, kind, id, from, until, owner, reason } = opening;
  const hash = createHash("sha256").update(reason).digest("hex");
  return withoutUndefined({ environment, service, kind, id, from, until, owner, reason: hash });
}

/** How an opening counts at a time. */
export type OpeningState = "in-force" | "ended" | "too-long" | "not-yet" | "off";

/**
 * How an opening counts, apart from its proof.
 *
 * @param now The time of day, in milliseconds since 1970.
 * @param openHours How long an opening may last, in hours. 0: openings are ignored.
 */
export function openingState(opening: Opening, now: number, openHours: number): OpeningState {
  if (isOver(opening, now)) return "ended";
  if (openHours === 0) return "off";
  if (Date.parse(opening.until) - Date.parse(opening.from) > openHours * 3_600_000) return "too-long";
  // The commands give openings from now on only.
  return isInForce(opening, now) ? "in-force" : "not-yet";
}
