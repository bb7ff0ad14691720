import type { ListedOpening, ListedOpeningState } from "../../automation/operations/orders/list-openings";
import { EVERY_SERVICE, type Opening } from "../../verifier/src/orders/opening";
import { asciiJson, printable } from "../lib/printable";

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
export function openingText({ service, from, until, owner, reason, id }: Opening, state?: ListedOpeningState): string {
  const rows: readonly (readonly [string, string])[] = [
    ["from", from],
    ["until", until],
    ["owner", owner ?? "none"],
    ["reason", printable(reason, 500)],
    ["order", id],
    ...(state === undefined ? [] : [["state", STATES[state]] as const]),
  ];
  const what = service === EVERY_SERVICE ? "every service" : printable(service, 600);
  return [what, ...rows.map(([name, value]) => `  ${name.padEnd(7)} ${value}`)].join("\n");
}

export function listedOpeningText({ opening, state }: ListedOpening): string {
  return openingText(opening, state);
}
