import { type Command, InvalidArgumentError } from "commander";
import { IdentityInvalidError, readIdentity } from "../../trust/identity";
import { parseAccount, parseRegion } from "../lib/option-values";
import { repeatable } from "../lib/repeatable";

/** Describes the argument or option that is such a file. */
export const TRUST_FILE = "a trust document (YAML or JSON) or a stack's file (Pulumi.<stack>.yaml)";

/** Values that a trust document or stack file may leave open. */
export interface TrustOptions {
  readonly account?: string;
  readonly region?: string;
  /** ARN of the signing profile that `self` stands for. */
  readonly signingProfile?: string;
  /** ARNs of signing profiles, by the identity that stands for them: `stack:NAME`. */
  readonly stackProfile?: ReadonlyMap<string, string>;
}

/** Adds the options for the values that such a file leaves open. */
export function withTrustOptions(command: Command): Command {
  return withProfileOptions(withPlaceOptions(command));
}

/** The options that say where the environment is. `known` says what stands for them by default. */
export function withPlaceOptions(command: Command, known = ""): Command {
  return command
    .option("--account <id>", `the AWS account that \`self\` stands for${known}`, parseAccount)
    .option("--region <name>", "the AWS region; a stack's file says its own (default: AWS_REGION)", parseRegion);
}

/** The options that identify the signing profiles. */
export function withProfileOptions(command: Command): Command {
  return command
    .option("--signing-profile <arn>", "the signing profile that `self` stands for as an identity", parseProfile)
    .option(
      "--stack-profile <stack:name=arn>",
      "the signing profile of another stack that is named as an identity; may be repeated",
      repeatable(addStackProfile),
    );
}

function parseProfile(text: string): string {
  const identity = readIdentity(text);
  if (identity instanceof IdentityInvalidError) throw new InvalidArgumentError(identity.message);
  return identity.arn;
}

function addStackProfile(text: string, previous: ReadonlyMap<string, string> = new Map()): ReadonlyMap<string, string> {
  const [, prefix, stack, arn] = /^(stack:)?([^=]+)=(.+)$/i.exec(text) ?? [];
  if (stack === undefined || arn === undefined || prefix !== "stack:") {
    const meant = stack === undefined || arn === undefined ? "" : ` Write stack:${stack}=${arn}`;
    throw new InvalidArgumentError(
      `It must be stack:NAME=ARN, such as stack:signing=arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release.${meant}`,
    );
  }
  const name = `stack:${stack}`;
  if (previous.has(name)) throw new InvalidArgumentError(`${name} is given twice.`);
  return new Map([...previous, [name, parseProfile(arn)]]);
}
