import { IS_COMPILED } from "../package-root";
import { logLink } from "../verifier/src/reporting/log-link";

/** The values in the signing commands. */
export interface CommandFacts {
  readonly region: string;
  /** Host of the registry. */
  readonly registry: string;
  /** ARN of the signing profile. */
  readonly profileArn: string;
}

/**
 * Commands that sign an image of the account's registry, to paste, with two words to replace. The login is for this command
 * only and needs no credential helper. The region is given because the plugin does not read it from the profile's ARN.
 */
export function signCommands({ region, registry, profileArn }: CommandFacts): string {
  const { region: profileRegion } = profileParts(profileArn);
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

/** Commands that run the sample, to paste, with two words to replace. */
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

/** Commands that revoke a version of a signing profile, to paste, with words to replace. Removing the profile revokes nothing. */
export function revokeCommands(profileArn: string, versionArn: string | undefined): string {
  const { region, name } = profileParts(profileArn);
  const version = versionArn?.split("/").at(-1);
  return [
    "# Signatures that this version of the profile made after TIME are refused. Earlier ones stay valid. This cannot be undone.",
    `# Replace ${version === undefined ? "VERSION, " : ""}TIME and WHY. TIME is in UTC, such as 2027-01-31T12:00:00Z: before the first signature that must not count.`,
    ...(version === undefined
      ? [
          `# VERSION of today: aws signer get-signing-profile --region ${region} --profile-name ${name} --query profileVersion --output text`,
        ]
      : []),
    `aws signer revoke-signing-profile --region ${region} --profile-name ${name} --profile-version ${version ?? "VERSION"} \\`,
    "  --effective-time TIME --reason 'WHY'",
  ].join("\n");
}

/** How the command line is called in the folder of the project: the checkout, or one that has the package. */
export const COMMAND_LINE = `${IS_COMPILED ? "npx " : "bin/"}ecs-image-verification`;

/** How a person stops an image now, or exempts one for some hours where that is allowed: text to paste. */
export function blockCommands(stack: string, exemptionHours: number): string {
  return [
    "# Replace IMAGE, DIGEST and WHY. docs/orders.md says who may do this.",
    `${COMMAND_LINE} block IMAGE@sha256:DIGEST --reason 'WHY' --stack ${stack}`,
    ...(exemptionHours === 0
      ? []
      : [
          `# At most ${exemptionHours} hours. Replace TEAM as well.`,
          `${COMMAND_LINE} exempt IMAGE@sha256:DIGEST --for 1h --owner TEAM --reason 'WHY' --stack ${stack}`,
        ]),
  ].join("\n");
}

/** An ARN of a signing profile: `arn:PARTITION:signer:REGION:ACCOUNT:/signing-profiles/NAME`. */
function profileParts(arn: string): { readonly region: string; readonly name: string } {
  return { region: arn.split(":")[3] ?? "", name: arn.split("/")[2] ?? "" };
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
