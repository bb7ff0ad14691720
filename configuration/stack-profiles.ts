import * as pulumi from "@pulumi/pulumi";
import { isIdentity } from "../trust/identity";
import { ConfigurationError, type ConfigurationProblem, formatKey } from "./problem";
import type { Configuration } from "./read";
import { PROFILE_OUTPUT, type StackIdentity, stackIdentities, toStackName } from "./stack-identities";

/** The signing profile output of another stack. */
interface Found {
  readonly stack: string;
  /** The output's value, which may have any type. */
  readonly value: unknown;
}

/**
 * Reads the signing profiles of other stacks from their outputs.
 *
 * @returns ARNs by identity.
 * @throws {@link ConfigurationError} with each identity whose stack has no usable output.
 */
export async function stackProfiles(
  configuration: Pick<Configuration, "stack" | "trust" | "stackIdentities">,
): Promise<ReadonlyMap<string, string>> {
  const entries = configuration.stackIdentities.map(async (text) => [text, await readOutput(text)] as const);
  const found = new Map(await Promise.all(entries));
  const problems = stackIdentities(configuration.trust).flatMap((identity) => listProblems(identity, found));
  if (problems.length > 0) throw new ConfigurationError(problems, configuration.stack);
  return new Map([...found].flatMap(([text, { value }]) => (isIdentity(value) ? [[text, value] as const] : [])));
}

async function readOutput(text: string): Promise<Found> {
  const stack = toStackName(text, { organization: pulumi.getOrganization(), project: pulumi.getProject() });
  const reference = new pulumi.StackReference(`trusted-${stack}`, { name: stack });
  const { value } = await reference.getOutputDetails(PROFILE_OUTPUT);
  return { stack, value };
}

function listProblems(
  { text, path }: StackIdentity,
  found: ReadonlyMap<string, Found>,
): readonly ConfigurationProblem[] {
  const { stack, value } = found.get(text) ?? {};
  if (isIdentity(value)) return [];
  const what =
    value === undefined
      ? `has no output ${PROFILE_OUTPUT}`
      : `has an output ${PROFILE_OUTPUT} that is not the ARN of a signing profile`;
  return [
    {
      key: formatKey(path),
      value: text,
      message: `stands for the signing profile of the stack ${stack}, which ${what}`,
      fix: "Deploy that stack first, or write the ARN of its signing profile here.",
    },
  ];
}
