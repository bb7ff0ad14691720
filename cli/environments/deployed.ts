import { readFile } from "node:fs/promises";
import {
  type EnvironmentOutputs,
  isMeantAsOutputs,
  parseEnvironmentOutputs,
} from "../../automation/environments/outputs";
import { contents } from "../../trust/quote";
import { parseJson } from "../../trust/text/parse-json";
import { asFields } from "../../trust/unchecked-value";
import { whyUnreadable } from "../../trust/unreadable-file";
import { UsageError } from "../lib/errors";
import { printable } from "../lib/printable";
import type { DeployedOptions } from "./deployed-options";
import { openEnvironment } from "./environments";

/**
 * The outputs of the environment that the options name.
 *
 * @throws {@link UsageError} if there are none or they are not those of an environment; errors of the library with `--stack`.
 */
export async function deployedEnvironment({ stack, project, outputs }: DeployedOptions): Promise<EnvironmentOutputs> {
  if (outputs !== undefined) return parseOutputs(await readOutputs(outputs), outputs);
  if (stack === undefined) throw new UsageError("Say which environment: --stack NAME, or --outputs FILE.");
  return (await openEnvironment(stack, project)).outputs();
}

/** How to create the file. */
const SAVE = "Save them on a machine with Pulumi: ecs-image-verification outputs --stack NAME --json > FILE";

async function readOutputs(file: string): Promise<unknown> {
  const text = await readFile(file, "utf8").catch((error: Error) => {
    throw new UsageError(`--outputs ${file} cannot be read. ${whyUnreadable(file, error)}\n${SAVE}`);
  });
  const value = parseJson(text);
  if (value === undefined) throw new UsageError(`--outputs ${file} ${notJson(text)}.\n${SAVE}`);
  return value;
}

/** Describes a text that is not a single JSON document. */
function notJson(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length === 0) return "is empty";
  const several = lines.length > 1 && lines.every((line) => isMeantAsOutputs(parseJson(line)));
  return several ? "contains the outputs of several stacks, and one is expected" : "is not valid JSON";
}

function parseOutputs(outputs: unknown, file: string): EnvironmentOutputs {
  const parsed = parseEnvironmentOutputs(outputs);
  if ("outputs" in parsed) return parsed.outputs;
  if (!isMeantAsOutputs(outputs)) throw new UsageError(`--outputs ${file} ${otherContents(outputs)}\n${SAVE}`);
  throw new UsageError(
    [
      `--outputs ${file} does not contain the outputs of an environment of this version:`,
      ...parsed.problems.map((problem) => `  ${problem}`),
      "Deploy it again, and save its outputs again.",
    ].join("\n"),
  );
}

/** Describes a file without outputs: it may be a failure that `outputs --json` printed. */
function otherContents(value: unknown): string {
  const { stack, error } = asFields(value);
  const { message } = asFields(error);
  if (typeof stack === "string" && typeof message === "string") {
    return `contains the error from reading the outputs of ${printable(stack)}: ${printable(message, 1000)}`;
  }
  return `does not contain the outputs of an environment. It ${contents(value)}.`;
}
