import type { Statement } from "../../../trust/document";
import type { SignatureFact } from "../notation/protocol";

const DAY_MS = 86_400_000;

type Age = Pick<Statement, "signedAfter" | "maxAgeDays">;

/** The time before which a signature is too old for a statement now, ISO 8601; undefined if none is. */
export function findNotBefore({ signedAfter, maxAgeDays }: Age, now: number): string | undefined {
  const times = [
    ...(signedAfter === undefined ? [] : [Date.parse(`${signedAfter}T00:00:00Z`)]),
    ...(maxAgeDays === undefined ? [] : [now - maxAgeDays * DAY_MS]),
  ];
  return times.length === 0 ? undefined : new Date(Math.max(...times)).toISOString();
}

/** When the first of some signatures expires or becomes too old, ISO 8601; undefined if none does. */
export function findEnd(
  signatures: readonly SignatureFact[],
  { maxAgeDays }: Pick<Age, "maxAgeDays">,
): string | undefined {
  const times = signatures.flatMap(({ expiry, signingTime }) => [
    ...(expiry === undefined ? [] : [Date.parse(expiry)]),
    ...(maxAgeDays === undefined || signingTime === undefined ? [] : [Date.parse(signingTime) + maxAgeDays * DAY_MS]),
  ]);
  return times.length === 0 ? undefined : new Date(Math.min(...times)).toISOString();
}
