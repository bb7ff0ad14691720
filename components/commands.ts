/** What the commands are about. */
export interface CommandFacts {
  readonly region: string;
  /** Host of the registry. */
  readonly registry: string;
  /** ARN of the signing profile. */
  readonly profileArn: string;
}

/**
 * How a person signs an image of the account's registry: text to paste, with two words to replace. The login is for this
 * one command and needs no credential helper; the plugin does not take the region from the profile's ARN.
 */
export function signCommands({ region, registry, profileArn }: CommandFacts): string {
  const profileRegion = profileArn.split(":")[3] || region;
  return [
    "# Replace REPOSITORY and DIGEST. Needs the Notation CLI and the AWS Signer plugin.",
    `NOTATION_USERNAME=AWS NOTATION_PASSWORD="$(aws ecr get-login-password --region ${region})" \\`,
    `  notation sign ${registry}/REPOSITORY@sha256:DIGEST \\`,
    `  --plugin com.amazonaws.signer.notation.plugin --plugin-config aws-region=${profileRegion} \\`,
    `  --id ${profileArn}`,
  ].join("\n");
}

/** The sample's task definitions. */
export interface SampleFacts {
  readonly region: string;
  readonly signedTaskDefinitionArn: string;
  readonly unsignedTaskDefinitionArn: string;
}

/** How a person runs the sample: text to paste, with two words to replace. */
export function runSampleCommands(facts: SampleFacts): string {
  const { region, signedTaskDefinitionArn, unsignedTaskDefinitionArn } = facts;
  return [
    "# Replace CLUSTER and SUBNET. The first is trusted, the second denied.",
    ...[signedTaskDefinitionArn, unsignedTaskDefinitionArn].map((taskDefinition) =>
      [
        `aws ecs run-task --region ${region} --cluster CLUSTER --launch-type FARGATE \\`,
        `  --task-definition ${taskDefinition} \\`,
        "  --network-configuration 'awsvpcConfiguration={subnets=[SUBNET],assignPublicIp=ENABLED}'",
      ].join("\n"),
    ),
  ].join("\n");
}

/** How a signing profile is revoked: what removing it does not do. */
export function revokeCommands(region: string, profileVersionArn: string): string {
  const [name = "", version = "VERSION"] = profileVersionArn
    .slice(profileVersionArn.indexOf("/signing-profiles/"))
    .split("/")
    .slice(2);
  return [
    "# Every signature that this version made after the time given is refused from then on. It cannot be undone.",
    `aws signer revoke-signing-profile --region ${region} --profile-name ${name} --profile-version ${version} \\`,
    "  --effective-time $(date -u -Iseconds) --reason 'WHY'",
  ].join("\n");
}
