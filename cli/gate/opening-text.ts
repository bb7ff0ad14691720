import type { ListedOpening, ListedOpeningState } from "../../automation/operations/orders/list-openings";
import { EVERY_SERVICE, type Opening } from "../../verifier/src/orders/opening";
import { asciiJson, printable } from "../lib/printable";
import { orderLines } from "../orders/order-text";

const STATES: Readonly<Record<ListedOpeningState, string>> = {
  "in-force": "in force",
  ended: "ended",
  "not-yet": "not yet",
  "too-long": "REFUSED: longer than the environment allows",
  unproven: "REFUSED: not proven with this environment's key",
  off: "ignored: no openings here",
};

/** An opening for programs: every key is there. */
export function openingJson({ id, kind, service, from, until, owner, reason }: Opening, state?: ListedOpeningState) {
  const fields = { id, kind, service, from, until, owner: owner ?? null, reason };
  return asciiJson(state === undefined ? fields : { ...fields, state });
}

/** An opening as a few lines, for people. */
export function openingText(opening: Opening, state?: ListedOpeningState): string {
  const what = opening.service === EVERY_SERVICE ? "every service" : printable(opening.service, 600);
  return orderLines(what, opening, state && STATES[state]);
}

export function listedOpeningText({ opening, state }: ListedOpening): string {
  return openingText(opening, state);
}
