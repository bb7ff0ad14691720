import { Command } from "commander";
import type { DeployResult, Environment } from "../../automation";
import type { EnvironmentError } from "../../automation/environments/errors";
import { confirm } from "../lib/confirm";
import { withHelp } from "../lib/help";
import { type EnvironmentsOptions, inOrder, withEnvironmentsOptions } from "./environments";
import { type PolicyOptions, policyOf, withPolicyOptions } from "./policy-options";
import { withProgress } from "./progress";
import { resultJson, resultText, stepsText } from "./update-text";

interface Options extends EnvironmentsOptions, PolicyOptions {
  readonly yes?: true;
}

/** `up`: makes environments, or changes them to what their configuration says. */
export function upCommand(): Command {
  const command = new Command("up").description("Make environments, or change them to what their configuration says.");
  withPolicyOptions(withEnvironmentsOptions(command))
    .option("--yes", "do not show a preview and ask before each environment")
    .option("--json", "print one JSON document a stack");
  return withHelp(command, {
    notes: [
      "Several environments are changed in the order given; the first failure ends it. Where the last update did not",
      "succeed, what there is in AWS is read first: Pulumi may have recorded a change that was never made.",
    ].join("\n"),
    examples: [
      "ecs-image-verification up --stack dev",
      "ecs-image-verification up --stack dev --stack prod --policy-pack policy --yes",
    ],
    exitCodes: [
      "0 done",
      "1 a mandatory policy is violated",
      "2 Pulumi or AWS failed; what was done before stays",
      "64 the call, the project or a stack's configuration cannot be used",
      "75 another update of the environment is under way",
      "130 interrupted; providers were asked to stop, and what was under way may be half done",
    ],
  }).action((options: Options) => {
    const policy = policyOf(options);
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
  });
}

async function ask(environment: Environment, options: Parameters<Environment["preview"]>[0]): Promise<void> {
  const { stack } = environment;
  process.stderr.write(`Previewing ${stack}\n`);
  const preview = await environment.preview(options);
  process.stderr.write(`${[stepsText(preview), resultText(stack, preview, "planned")].filter(Boolean).join("\n")}\n`);
  await confirm({ question: `Change ${stack}?`, expected: "yes", option: "--yes" });
}
