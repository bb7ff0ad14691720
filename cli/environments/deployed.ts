import { readFile } from "node:fs/promises";
import { type EnvironmentOutputs, parseEnvironmentOutputs } from "../../automation/environments/outputs";
import { UsageError } from "../lib/errors";
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

async function readOutputs(file: string): Promise<unknown> {
  const text = await readFile(file, "utf8").catch((error: Error) => {
    throw new UsageError(`--outputs ${file} cannot be read: ${error.message}`);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--outputs ${file} is no JSON: ${error instanceof Error ? error.message : error}`);
  }
}

function parseOutputs(outputs: unknown, origin: string): EnvironmentOutputs {
  const parsed = parseEnvironmentOutputs(outputs);
  if ("outputs" in parsed) return parsed.outputs;
  throw new UsageError(
    [
      `${origin} does not hold the outputs of an environment of this version:`,
      ...parsed.problems.map((problem) => `  ${problem}`),
      "Deploy it again, and save its outputs again.",
    ].join("\n"),
  );
}
