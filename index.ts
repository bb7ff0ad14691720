import { getCallerIdentity } from "@pulumi/aws/getCallerIdentity";
import { ImageVerification } from "./components/image-verification";
import { argumentsOf } from "./configuration/arguments";
import { outputsOf } from "./configuration/outputs";
import { pulumiSource } from "./configuration/pulumi-source";
import { readConfiguration, trustDocumentOf } from "./configuration/read";
import { stackProfiles } from "./configuration/stack-profiles";

/** The Pulumi program: one environment. The configuration is checked as a whole before the first resource. */
async function program() {
  const { accountId } = await getCallerIdentity();
  const configuration = readConfiguration(pulumiSource(accountId));
  const trust = trustDocumentOf(configuration, await stackProfiles(configuration.stackIdentities));
  const verification = new ImageVerification("image-verification", argumentsOf(configuration, trust));
  return outputsOf(verification, configuration);
}

export = program;
