import { randomUUID } from "node:crypto";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import { type Opening, openingContext, openingKey, parseOpening } from "../../../verifier/src/orders/opening";
import type { OpeningPlace } from "./order-place";
import { makeProof, putItem, toItem } from "./write-item";

/** An opening of the gate that is to be given from now on. */
export interface OpeningDraft extends Pick<Opening, "service" | "reason" | "owner"> {
  /** How long it is in force, in milliseconds. */
  readonly forMs: number;
}

/** The opening of a draft, with an id of its own, that begins at `now`. */
export function draftOpening({ forMs, ...draft }: OpeningDraft, now: Date): Opening {
  const until = new Date(now.getTime() + forMs).toISOString();
  return withoutUndefined({ ...draft, kind: "open" as const, id: randomUUID(), from: now.toISOString(), until });
}

/** Has KMS prove an opening. Needs `kms:Encrypt` on the key, for its environment and the kind `open`. */
export function proveOpening(place: OpeningPlace, opening: Opening): Promise<Uint8Array> {
  return makeProof(place, { id: opening.id, context: openingContext(opening, place.environment) });
}

/** Writes an opening with its proof. Needs `dynamodb:PutItem` on the table. */
export async function writeOpening(place: OpeningPlace, opening: Opening, proof: Uint8Array): Promise<void> {
  const item = toItem({ ...opening, digest: openingKey(opening.service) }, proof);
  const problem = parseOpening(item, opening.service);
  // The gate would ignore an item that it cannot read.
  if (typeof problem === "string") throw new Error(`This is not a valid opening: ${problem}`);
  await putItem(place, item);
}
