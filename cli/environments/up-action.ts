import type { DeployResult, Environment } from "../../automation";
import type { EnvironmentError } from "../../automation/environments/errors";
import { confirm } from "../lib/confirm";
import { inOrder } from "./environments";
import type { EnvironmentsOptions } from "./environments-options";
import { type PolicyOptions, toPolicy } from "./policy-options";
import { withProgress } from "./progress";
import { resultJson, resultText, stepsText } from "./update-text";

/** The options of `up`. */
export interface UpOptions extends EnvironmentsOptions, PolicyOptions {
  readonly yes?: true;
}

/** Creates or updates the environments, each after a person has confirmed the changes. */
export function up(options: UpOptions): Promise<void> {
  const policy = toPolicy(options);
  return inOrder(options, {
    async run(environment, signal) {
      if (!options.yes) await ask(environment, { ...policy, signal });
      return withProgress(`Changing ${environment.stack}`, (onEvent) =>
        environment.deploy({ ...policy, signal, onEvent }),
      );
    },
    text: (stack, result) => resultText(stack, result, "done"),
    json: (stack, result: DeployResult | undefined, error: EnvironmentError | undefined) => ({
      ...resultJson(stack, result, error),
      outputs: result?.outputs ?? null,
    }),
  });
}

async function ask(environment: Environment, options: Parameters<Environment["preview"]>[0]): Promise<void> {
  const { stack } = environment;
  process.stderr.write(`Previewing ${stack}\n`);
  const preview = await environment.preview(options);
  process.stderr.write(`${[stepsText(preview), resultText(stack, preview, "planned")].filter(Boolean).join("\n")}\n`);
  await confirm({ question: `Change ${stack}?`, expected: "yes", option: "--yes" });
}
