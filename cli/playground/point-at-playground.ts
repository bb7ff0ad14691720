import { devNull } from "node:os";
import type { Command } from "commander";
import type { PlaygroundSettings } from "../../local/playground/settings";
import { STAND_IN_CREDENTIALS } from "../../local/stand-in-credentials";
import { UsageError } from "../lib/errors";
import { LEAVE, playgroundInForce } from "./in-force";

/** The commands that work on a playground as on AWS. */
const PLAYED: ReadonlySet<string> = new Set(["verify", "sign", "inspect", "revoke", "scan", "gate check"]);

/**
 * Points a command at the playground of this shell: options that are not given, and all that the AWS SDK reads of the
 * environment. It is said on standard error, because verdicts then stand on other certificates than AWS's. Commands that
 * neither judge images nor work on a deployed environment are left alone.
 *
 * @throws {@link UsageError} for a command that would work on a deployed environment, which nobody means here.
 */
export function pointAtPlayground(command: Command, env: NodeJS.ProcessEnv = process.env): void {
  const name = wordsOf(command);
  if (!PLAYED.has(name)) {
    if (!has(command, "stack")) return;
    throw new UsageError(`This shell is pointed at the playground, which does not play ${name}. ${LEAVE}`);
  }
  const playground = playgroundInForce(env);
  if (playground === undefined) return;
  process.stderr.write(`With the playground's registry ${playground.registry}, AWS Signer and certificates.\n`);
  setOptions(command, playground);
  setAwsVariables(env, playground);
}

function setOptions(command: Command, { signerEndpoint, plugin, trustStore }: PlaygroundSettings): void {
  const settings = { signerEndpoint, plugin, plainHttp: true, ...(judges(command) ? { trustStore } : {}) };
  for (const [option, value] of Object.entries(settings)) {
    if (!has(command, option) || command.getOptionValueSource(option) === "cli") continue;
    command.setOptionValueWithSource(option, value, "env");
  }
}

/** `sign` judges only if it is told to, and refuses a trust store otherwise. */
function judges(command: Command): boolean {
  const { trust, skipIfSigned } = command.opts<{ trust?: string; skipIfSigned?: true }>();
  return command.name() !== "sign" || trust !== undefined || skipIfSigned === true;
}

/** So that no call goes to AWS, and nothing of this machine's AWS configuration is read. */
function setAwsVariables(env: NodeJS.ProcessEnv, { awsEndpoint, signerEndpoint, region }: PlaygroundSettings): void {
  for (const name of Object.keys(env)) {
    if (name.startsWith("AWS_") && !name.startsWith("AWS_SDK_JS_")) delete env[name];
  }
  Object.assign(env, STAND_IN_CREDENTIALS, {
    AWS_REGION: region,
    AWS_ENDPOINT_URL: awsEndpoint,
    AWS_ENDPOINT_URL_SIGNER: signerEndpoint,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
  });
}

function has(command: Command, option: string): boolean {
  return command.options.some((one) => one.attributeName() === option);
}

/** The words that invoke a command, after the program's name. */
function wordsOf(command: Command): string {
  const { parent } = command;
  return parent === null || parent.parent === null ? command.name() : `${wordsOf(parent)} ${command.name()}`;
}
