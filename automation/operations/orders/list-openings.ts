import {
  isOpeningKey,
  type Opening,
  openingContext,
  openingKey,
  openingState,
  parseOpening,
  type WrittenOpening,
} from "../../../verifier/src/orders/opening";
import { checkClaims } from "../../../verifier/src/orders/proofs";
import { OPERATOR_LIMIT_MS } from "../../../verifier/src/orders/start";
import type { OpeningPlace } from "./order-place";
import { scanTable } from "./scan-table";

/**
 * How the gate treats an opening now. `in-force`: it obeys it. `too-long`, `unproven`: it refuses it. `off`: the environment
 * allows no openings.
 */
export type ListedOpeningState = ReturnType<typeof openingState> | "unproven";

export interface ListedOpening {
  readonly opening: Opening;
  readonly state: ListedOpeningState;
}

/** The openings, the oldest first, and how many items with the key of an opening are none. */
export interface OpeningList {
  readonly openings: readonly ListedOpening[];
  readonly unreadable: number;
}

/**
 * Lists the openings of the gate, as the gate sees them; those that have ended are kept for a while. Needs `dynamodb:Scan`
 * on the table and `kms:Decrypt` on the key. An environment has few orders, so the whole table is read.
 */
export async function listOpenings(place: OpeningPlace, now: number): Promise<OpeningList> {
  const keys = (await scanTable(place)).filter((item) => isOpeningKey(item.digest?.S ?? ""));
  const read = keys.map((item) => parseOpening(item, (item.digest?.S ?? "").slice(openingKey("").length)));
  const written = read.filter((one): one is WrittenOpening => typeof one !== "string");
  const isProven = checkClaims({ ...place, limitMs: OPERATOR_LIMIT_MS });
  const openings: ListedOpening[] = [];
  // One after the other: people give few, and whoever can write the table must not make KMS throttle us.
  for (const { opening, proof } of written) {
    const state = openingState(opening, now, place.openHours);
    const claim = { id: opening.id, context: openingContext(opening, place.environment), proof };
    // The key is asked only where its answer decides.
    const isForged = (state === "in-force" || state === "not-yet") && !(await isProven(claim));
    openings.push({ opening, state: isForged ? "unproven" : state });
  }
  return {
    openings: openings.toSorted((one, other) => (one.opening.from < other.opening.from ? -1 : 1)),
    unreadable: read.length - written.length,
  };
}
