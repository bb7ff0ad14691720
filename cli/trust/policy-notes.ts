import type { Statement } from "../../trust/document";
import { quote } from "../../trust/quote";

type Conditions = Pick<Statement, "name"> & {
  readonly [Key in "require" | "signaturesFrom" | "signedAfter" | "maxAgeDays"]?: unknown;
};

/** What Notation's trust policy does not have of each statement: Notation alone accepts more, or reads less. */
export function policyNotes(statements: readonly Conditions[]): readonly string[] {
  return statements.flatMap(({ name, require, signaturesFrom, signedAfter, maxAgeDays }) => {
    const conditions = Object.entries({ require, signaturesFrom, signedAfter, maxAgeDays });
    const set = conditions.flatMap(([key, value]) => (value === undefined || value === null ? [] : [key]));
    if (set.length === 0) return [];
    return [
      `Note: Notation does not know ${set.join(", ")} of the statement ${quote(name)}; only the verifier checks that.`,
    ];
  });
}
