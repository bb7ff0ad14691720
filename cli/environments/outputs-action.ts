import type { EnvironmentOutputs } from "../../automation";
import { inOrder } from "./environments";
import type { EnvironmentsOptions } from "./environments-options";

/** Prints the outputs of the last deployment of each environment. */
export function outputs(options: EnvironmentsOptions): Promise<void> {
  return inOrder(options, {
    run: (environment) => environment.outputs(),
    text: outputsText,
    json: (stack, outputs: EnvironmentOutputs | undefined, error) =>
      outputs ?? { stack, error: error === undefined ? null : { type: error.name, message: error.message } },
  });
}

function outputsText(stack: string, outputs: EnvironmentOutputs): string {
  const entries = Object.entries(outputs).map(([key, value]): readonly [string, string] => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const width = Math.max(...entries.map(([key]) => key.length));
  const lines = entries.map(([key, value]) => {
    // Commands go on the line below their name, so that they can be copied and pasted.
    if (value.includes("\n")) return `  ${key}\n${value.replaceAll(/^/gm, "    ")}`;
    return `  ${key.padEnd(width)}  ${value}`;
  });
  return [stack, ...lines].join("\n");
}
