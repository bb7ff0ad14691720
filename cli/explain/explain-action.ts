import { quote } from "../../trust/quote";
import { suggestKey } from "../../trust/suggest-key";
import { REASON_CODES, type ReasonCode, STATUSES, toStatus } from "../../verifier/src/verification/verdict";
import { UsageError } from "../lib/errors";
import { explanationTable, explanationText } from "./explain-text";
import { readExplanations } from "./explanation";

/** Prints the explanation of a reason code, or a list of all codes. */
export async function explain(written: string | undefined, options: { readonly json?: true }): Promise<void> {
  const codes = written === undefined ? REASON_CODES : [parseCode(written)];
  const explanations = await readExplanations(codes);
  const lines = options.json
    ? explanations.map((explanation) => JSON.stringify(explanation))
    : [written === undefined ? explanationTable(explanations) : explanations.map(explanationText).join("\n\n")];
  for (const line of lines) process.stdout.write(`${line}\n`);
}

/** What people call a code. */
const MEANT: ReadonlyMap<string, ReasonCode> = new Map([["unsigned", "no-signature"]]);

function parseCode(written: string): ReasonCode {
  const found = REASON_CODES.find((code) => code === written);
  if (found !== undefined) return found;
  const status = STATUSES.find((one) => one === written.toLowerCase());
  const near = MEANT.get(written.toLowerCase()) ?? suggestKey(written.replaceAll("_", "-"), REASON_CODES);
  const hint =
    status !== undefined
      ? `It is a status. Its codes: ${REASON_CODES.filter((code) => toStatus(code) === status).join(", ")}.`
      : near !== undefined
        ? `Did you mean ${near}?`
        : "Without a code, `explain` lists them all.";
  throw new UsageError(`${quote(written, 60)} is not a reason code. ${hint}`);
}
