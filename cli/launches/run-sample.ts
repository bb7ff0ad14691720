import { Command, InvalidArgumentError, Option } from "commander";
import { SAMPLES } from "../../automation/operations/sample-outcome";
import { withDeployedOptions } from "../environments/deployed-options";
import { type Help, withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { repeatable } from "../lib/repeatable";
import { parseCluster } from "./verdict-options";

const HELP: Help = {
  notes: `It starts a task of the signed sample and one of the unsigned, shows their states, waits for the verdicts and stops
the tasks. The signed one must be trusted, the unsigned one denied, and stopped by the verifier where it enforces.

The cluster is yours, and is one that the environment watches. A subnet needs a way to ECR: --public-ip in a public
subnet, else a NAT gateway or VPC endpoints. To find one:
  aws ec2 describe-subnets --filters Name=default-for-az,Values=true \\
      --query 'Subnets[0].SubnetId' --output text

It needs ecs:RunTask, ecs:DescribeTasks and ecs:StopTask, iam:PassRole on the sample's role, logs:FilterLogEvents on the
log group and, for hints if no verdict comes, sqs:GetQueueUrl and sqs:GetQueueAttributes.`,
  examples: [
    "ecs-image-verification run-sample --stack dev --cluster demo --subnet subnet-0123456789abcdef0 --public-ip",
    "ecs-image-verification run-sample --stack dev --cluster demo --subnet subnet-0123456789abcdef0 --launch-type EC2",
    "ecs-image-verification run-sample --outputs outputs.json --cluster demo --subnet subnet-0123456789abcdef0 --which signed --json",
  ],
  exitCodes: [
    "0 every verdict is as expected",
    "1 a verdict, or what was done about it, is not as expected",
    "2 no verdict came in time, or a task could not be started",
    "64 the call or the outputs cannot be used",
    "130 ended by Ctrl-C; what was started is stopped",
  ],
};

/** `run-sample`: runs the sample workload and checks that its verdicts are as expected. */
export function runSampleCommand(): Command {
  const command = withDeployedOptions(new Command("run-sample"))
    .description("Run the sample's tasks and check their verdicts.")
    .requiredOption("--cluster <cluster>", "the ECS cluster: its name or its ARN", parseCluster)
    .option("--subnet <id>", "a subnet for the tasks; may be given again", repeatable(parseSubnet))
    .option("--security-group <id>", "a security group for them; may be given again", repeatable(parseGroup))
    .option("--public-ip", "give them public addresses (Fargate)")
    .addOption(new Option("--launch-type <type>", "what runs them").choices(["FARGATE", "EC2"]).default("FARGATE"))
    .addOption(new Option("--which <sample>", "which of the two").choices([...SAMPLES, "both"]).default("both"))
    .option("--timeout <seconds>", "how long to wait for the verdicts", parseTimeout, 180)
    .option("--keep", "do not stop the tasks")
    .option("--json", "print one JSON document at the end")
    .action(lazily(() => (require("./run-sample-action") as typeof import("./run-sample-action")).runSample));
  return withHelp(command, HELP);
}

function parseSubnet(text: string, others: readonly string[] = []): readonly string[] {
  if (/^subnet-[0-9a-f]{8,17}$/.test(text)) return [...others, text];
  throw new InvalidArgumentError("It must be the id of a subnet, such as subnet-0123456789abcdef0.");
}

function parseGroup(text: string, others: readonly string[] = []): readonly string[] {
  if (/^sg-[0-9a-f]{8,17}$/.test(text)) return [...others, text];
  throw new InvalidArgumentError("It must be the id of a security group, such as sg-0123456789abcdef0.");
}

function parseTimeout(text: string): number {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 3600) return seconds;
  throw new InvalidArgumentError("It must be a whole number of seconds, at least 1 and at most 3600.");
}
