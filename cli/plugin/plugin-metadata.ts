import { parseJson } from "../../trust/text/parse-json";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { asFields } from "../../trust/unchecked-value";
import { SIGNER_PLUGIN_NAME } from "../../verifier/src/notation/signer-plugin";
import { printable } from "../lib/printable";
import { type ProgramOutcome, runProgram } from "../lib/run-program";

/** What a file says of itself when it is asked as Notation asks a plugin. */
export type PluginAnswer =
  | { readonly version: string }
  /** Words that continue a sentence after the file's name. */
  | { readonly version?: undefined; readonly problem: string };

const LIMIT_MS = 10_000;

/**
 * Asks a plugin who it is and of which version. It calls nobody for that, and nobody knows yet what it is: it gets no more of
 * the environment than a program needs to start, and so no credentials of it.
 */
export async function askPlugin(file: string): Promise<PluginAnswer> {
  const { PATH, HOME } = process.env;
  const env = withoutUndefined({ PATH, HOME });
  return readAnswer(await runProgram(file, { args: ["get-plugin-metadata"], env, input: "{}", limitMs: LIMIT_MS }));
}

/** Reads the answer, which is the contract of Notation's plugins. */
export function readAnswer(outcome: ProgramOutcome): PluginAnswer {
  if (outcome.kind === "missing")
    return { problem: "cannot be run: it, or the interpreter that it names, is not there" };
  if (outcome.kind === "refused") return { problem: `cannot be run on this machine (${outcome.why})` };
  if (outcome.kind === "late") return { problem: `does not answer within ${LIMIT_MS / 1000} s` };
  if (outcome.code !== 0)
    return { problem: `ends with an error: ${printable(outcome.stderr.trim(), 300) || "no text"}` };
  const { name, version } = asFields(parseJson(outcome.stdout));
  if (typeof name !== "string" || typeof version !== "string")
    return { problem: "does not answer as a plugin of Notation" };
  if (name !== SIGNER_PLUGIN_NAME) return { problem: `is another plugin: ${printable(name)}` };
  return { version: printable(version) };
}
