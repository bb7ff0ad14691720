import { getCallerIdentity } from "@pulumi/aws/getCallerIdentity";
import * as pulumi from "@pulumi/pulumi";
import { ImageVerification } from "../components/image-verification";
import { forPulumi } from "../components/program-error";
import { toArguments } from "./arguments";
import { readLastOutputs } from "./last-outputs";
import { toOutputs } from "./outputs";
import { ConfigurationError, formatProblem } from "./problem";
import { type ConfigurationSource, readConfiguration, readTrust } from "./read";
import { expectedProfile, replacementProblems } from "./replacement-problems";
import { stackProfiles } from "./stack-profiles";
import { configurationWarnings } from "./warnings";

/**
 * Makes one environment. The configuration is checked as a whole before the first resource.
 *
 * @param sourceOf Where the configuration comes from, for the AWS account whose credentials are in use.
 * @param machine The environment that Pulumi's providers run in.
 * @returns The stack's outputs.
 * @throws `ConfigurationError` and other errors that a person can fix. Pulumi shows only their messages.
 */
export async function environmentProgram(
  sourceOf: (account: string) => ConfigurationSource,
  machine: NodeJS.ProcessEnv = process.env,
) {
  try {
    return await makeEnvironment(sourceOf, machine);
  } catch (error) {
    throw forPulumi(error);
  }
}

async function makeEnvironment(sourceOf: (account: string) => ConfigurationSource, machine: NodeJS.ProcessEnv) {
  const { accountId } = await getCallerIdentity();
  const configuration = readConfiguration(sourceOf(accountId));
  const last = await readLastOutputs();
  for (const warning of configurationWarnings(configuration, last)) await pulumi.log.warn(formatProblem(warning));
  const trustedStacks = await stackProfiles(configuration);
  const trust = readTrust(configuration, trustedStacks);
  const problems = replacementProblems(last, configuration, trust, trustedStacks);
  if (problems.length > 0) throw new ConfigurationError(problems, configuration.stack);
  const verification = new ImageVerification("image-verification", {
    ...toArguments(configuration, trust, expectedProfile(last, configuration, trust)),
    machine,
  });
  return toOutputs(verification, configuration, trustedStacks);
}
