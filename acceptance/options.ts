import { randomBytes } from "node:crypto";
import { Command, InvalidArgumentError, Option } from "commander";
import { UsageError } from "../cli/lib/errors";
import { withHelp } from "../cli/lib/help";
import { parseRegion } from "../cli/lib/option-values";
import { isRegionName } from "../trust/partition";

/** How the command was called. */
export interface AcceptanceOptions {
  readonly cluster: string;
  readonly subnet: readonly string[];
  readonly securityGroup?: readonly string[];
  readonly publicIp?: true;
  readonly launchType: "FARGATE" | "EC2";
  readonly region?: string;
  readonly stack?: string;
  readonly report?: string;
  readonly dryRun?: true;
  readonly yes?: true;
}

/** `npm run acceptance`: tests on a real AWS account what cannot be tested on one machine. */
export function acceptanceCommand(run: (options: AcceptanceOptions) => Promise<void>): Command {
  const command = new Command("npm run acceptance --")
    .description("Creates its own environment on AWS, tests it, and removes it again.")
    .requiredOption("--cluster <cluster>", "the ECS cluster to run the samples in: its name or its ARN", parseCluster)
    .requiredOption("--subnet <id>", "a subnet for the samples; may be given again", parseId("a subnet", "subnet"))
    .option("--security-group <id>", "a security group for them; may be given again", parseId("a security group", "sg"))
    .option("--public-ip", "give them public addresses (Fargate)")
    .addOption(new Option("--launch-type <type>", "what runs them").choices(["FARGATE", "EC2"]).default("FARGATE"))
    .option("--region <name>", "AWS region (default: that of the cluster's ARN, or AWS_REGION)", parseRegion)
    .option("--stack <name>", "name of the new stack (default: acceptance- and six random characters)", parseStack)
    .option("--report <file>", "where the report goes (default: <stack>.md in this folder)")
    .option("--dry-run", "say what would be done, and create nothing; needs Pulumi and AWS credentials too")
    .option("--yes", "do not ask before it costs money")
    .exitOverride()
    .action(run);
  return withHelp(command, {
    notes: `It needs what a deployment needs (docs/walkthrough.md), the cluster, and a subnet from which ECR can be reached:
--public-ip in a public subnet, else a NAT gateway or VPC endpoints. The checkout must have no changes: a clone of it is
deployed as well. The Pulumi backend and its passphrase are those of the environment, and so are the AWS credentials.

SLACK_WEBHOOK_URL and PAGERDUTY_ROUTING_KEY in the environment make it notify Slack and PagerDuty, too.

docs/acceptance.md says what it proves, what it costs and which rights it needs.`,
    examples: [
      "npm run acceptance -- --region eu-west-1 --cluster demo --subnet subnet-0123456789abcdef0 --public-ip --dry-run",
      "npm run acceptance -- --region eu-west-1 --cluster demo --subnet subnet-0123456789abcdef0 --public-ip",
    ],
    exitCodes: [
      "0 every step passed, and nothing is left over",
      "1 a step failed, or something is left over; the report says what",
      "2 it could not start: AWS or Pulumi refused; nothing was created",
      "64 the call or the checkout cannot be used, or it was not confirmed; nothing was created",
      "130 interrupted; what was created was removed, or is listed",
    ],
  });
}

/**
 * Checks for invalid combinations of options.
 *
 * @throws {@link UsageError}
 */
export function checkOptions({ launchType, publicIp }: AcceptanceOptions): void {
  if (launchType === "EC2" && publicIp) {
    throw new UsageError("--public-ip is for Fargate: ECS gives tasks on EC2 no public address. Leave it out.");
  }
}

/**
 * The region from the option, the cluster's ARN or the environment.
 *
 * @throws {@link UsageError}
 */
export function chooseRegion({ region, cluster }: AcceptanceOptions, env: NodeJS.ProcessEnv): string {
  const [, , , ofCluster] = cluster.split(":");
  if (region !== undefined && ofCluster !== undefined && region !== ofCluster) {
    throw new UsageError(`The cluster is in ${ofCluster}, but --region says ${region}: leave --region out.`);
  }
  const found = region ?? ofCluster ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION);
  if (found === undefined || found === "") {
    throw new UsageError("The region is not known: add --region NAME, or set AWS_REGION.");
  }
  if (!isRegionName(found)) throw new UsageError(`AWS_REGION is ${JSON.stringify(found)}, which is not an AWS region.`);
  return found;
}

/** The name for a new stack. */
export function freshStack(): string {
  return `acceptance-${randomBytes(3).toString("hex")}`;
}

function parseCluster(text: string): string {
  if (/^(arn:[a-z-]+:ecs:[a-z0-9-]+:[0-9]{12}:cluster\/)?[A-Za-z0-9_-]{1,255}$/.test(text)) return text;
  throw new InvalidArgumentError("It must be the name of a cluster or its ARN.");
}

function parseStack(text: string): string {
  if (/^([A-Za-z0-9_.-]+\/){0,2}[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(text)) return text;
  throw new InvalidArgumentError(
    "It must be 1 to 64 letters, digits, - or _, optionally after the organization and the project: acme/ecs-image-verification/acceptance-1.",
  );
}

function parseId(what: string, prefix: string) {
  return (text: string, others: readonly string[] = []): readonly string[] => {
    if (new RegExp(`^${prefix}-[0-9a-f]{8,17}$`).test(text)) return [...others, text];
    throw new InvalidArgumentError(`It must be the id of ${what}, such as ${prefix}-0123456789abcdef0.`);
  };
}
