import { logLink } from "../verifier/src/reporting/log-link";

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

/** The verdicts of the last hour, newest first. The fields are those of verifier/src/reporting/record-schema.ts. */
export const VERDICT_QUERY = [
  "fields @timestamp, verdict.status, verdict.code, verdict.container, verdict.image, verdict.digest, verdict.response, verdict.detail",
  'filter message = "Image Verdict"',
  "sort @timestamp desc",
  "limit 200",
].join("\n| ");

/** Address of CloudWatch Logs Insights in the AWS console, with the verdicts of the last hour. */
export function logsQueryLink(region: string, logGroup: string): string {
  return logLink({ region, logGroup, query: VERDICT_QUERY, seconds: 3600 });
}
