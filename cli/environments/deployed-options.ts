import { type Command, Option } from "commander";
import { DEFAULT_PROJECT_TEXT } from "./default-project";

/** Which deployed environment a command is about. */
export interface DeployedOptions {
  readonly stack?: string;
  readonly project?: string;
  readonly outputs?: string;
}

/** Whether the options name a deployed environment. */
export function isDeployed({ stack, outputs }: { [Key in keyof DeployedOptions]: string | undefined }): boolean {
  return stack !== undefined || outputs !== undefined;
}

/** Adds the options that select the deployed environment. */
export function withDeployedOptions(command: Command): Command {
  return command
    .addOption(new Option("--stack <name>", "the environment's stack; Pulumi is asked for its outputs"))
    .addOption(new Option("--project <dir>", `folder with Pulumi.yaml (${DEFAULT_PROJECT_TEXT})`))
    .addOption(
      new Option(
        "--outputs <file>",
        "its outputs, as `outputs --stack NAME --json` prints them; needs no Pulumi",
      ).conflicts("stack"),
    );
}
