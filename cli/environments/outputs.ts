import { Command } from "commander";
import type { EnvironmentOutputs } from "../../automation";
import { withHelp } from "../lib/help";
import { type EnvironmentsOptions, inOrder, withEnvironmentsOptions } from "./environments";

/** `outputs`: what the last deployment said of environments. */
export function outputsCommand(): Command {
  const command = new Command("outputs").description("Print what the last deployment said of environments.");
  withEnvironmentsOptions(command).option("--json", "print one JSON document a stack");
  return withHelp(command, {
    notes: "Commands with --outputs FILE take what --json prints, where there is no Pulumi.",
    examples: [
      "ecs-image-verification outputs --stack dev",
      "ecs-image-verification outputs --stack prod --json > prod.json",
      "ecs-image-verification outputs --stack dev --stack prod",
    ],
    exitCodes: [
      "0 done",
      "2 Pulumi failed",
      "64 the call or the project cannot be used, or there is no such environment",
      "130 interrupted",
    ],
  }).action((options: EnvironmentsOptions) =>
    inOrder(options, {
      run: (environment) => environment.outputs(),
      text: outputsText,
      json: (stack, outputs: EnvironmentOutputs | undefined, error) =>
        outputs ?? { stack, error: error === undefined ? null : { type: error.name, message: error.message } },
    }),
  );
}

function outputsText(stack: string, outputs: EnvironmentOutputs): string {
  const entries = Object.entries(outputs).map(([key, value]): readonly [string, string] => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const width = Math.max(...entries.map(([key]) => key.length));
  const lines = entries.map(([key, value]) => {
    // Commands to paste go below their name, so that they can be.
    if (value.includes("\n")) return `  ${key}\n${value.replaceAll(/^/gm, "    ")}`;
    return `  ${key.padEnd(width)}  ${value}`;
  });
  return [stack, ...lines].join("\n");
}
