import { randomUUID } from "node:crypto";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { ECSClient } from "@aws-sdk/client-ecs";
import { Command, InvalidArgumentError, Option } from "commander";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import { outcomeOf, SAMPLES, type Sample, sampleVerdict } from "../../automation/operations/sample-outcome";
import type { SampleRunOptions } from "../../automation/operations/sample-run";
import { type DeployedOptions, deployedEnvironment, withDeployedOptions } from "../environments/deployed";
import { UsageError } from "../lib/errors";
import { EXIT } from "../lib/exit-code";
import { type Help, withHelp } from "../lib/help";
import { interruptible } from "../lib/interruptible";
import { asciiJson, printable } from "../lib/printable";
import { noVerdictHints } from "./run-sample-hints";
import { type RunningSample, watchSamples } from "./sample-watch";
import { verdictRecordJson } from "./verdict-lines";
import { parseCluster } from "./verdict-options";

interface RunSampleOptions extends DeployedOptions {
  readonly cluster: string;
  readonly subnet?: readonly string[];
  readonly securityGroup?: readonly string[];
  readonly publicIp?: true;
  readonly launchType: "FARGATE" | "EC2";
  readonly which: Sample | "both";
  readonly timeout: number;
  readonly keep?: true;
  readonly json?: true;
}

const HELP: Help = {
  notes: `It starts a task of the signed sample and one of the unsigned, shows their states, waits for the verdicts and stops
the tasks. The signed one must be trusted, the unsigned one denied, and stopped by the verifier where it enforces.

The cluster is yours, and is one that the environment watches. A subnet needs a way to ECR: --public-ip in a public
subnet, else a NAT gateway or VPC endpoints. To find one:
  aws ec2 describe-subnets --filters Name=default-for-az,Values=true --query 'Subnets[0].SubnetId' --output text

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

/** `run-sample`: runs the sample workload and shows that its verdicts are as they should be. */
export function runSampleCommand(): Command {
  const command = withDeployedOptions(new Command("run-sample"))
    .description("Run the sample's tasks and check their verdicts.")
    .requiredOption("--cluster <cluster>", "the ECS cluster: its name or its ARN", parseCluster)
    .option("--subnet <id>", "a subnet for the tasks; may be given again", parseSubnet)
    .option("--security-group <id>", "a security group for them; may be given again", parseGroup)
    .option("--public-ip", "give them public addresses (Fargate)")
    .addOption(new Option("--launch-type <type>", "what runs them").choices(["FARGATE", "EC2"]).default("FARGATE"))
    .addOption(new Option("--which <sample>", "which of the two").choices([...SAMPLES, "both"]).default("both"))
    .option("--timeout <seconds>", "how long to wait for the verdicts", parseTimeout, 180)
    .option("--keep", "let the tasks run on")
    .option("--json", "print one JSON document at the end")
    .action(runSample);
  return withHelp(command, HELP);
}

async function runSample(options: RunSampleOptions): Promise<void> {
  const outputs = await deployedEnvironment(options);
  const definitions = definitionsOf(outputs, options.which);
  const run = runOptions(outputs, options);
  const client = { region: outputs.region, maxAttempts: 5 };
  const { running, aborted } = await interruptible(async (signal) => ({
    running: await watchSamples(definitions, {
      ecs: new ECSClient(client),
      logs: new CloudWatchLogsClient(client),
      logGroup: outputs.logGroup,
      run,
      timeoutMs: options.timeout * 1000,
      keep: options.keep === true,
      signal,
      note,
    }),
    aborted: signal.aborted,
  }));
  const results = running.map((one) => resultOf(one, options));
  if (options.json === true) process.stdout.write(`${json(outputs, run, running)}\n`);
  if (aborted) {
    process.exitCode = EXIT.interrupted;
    return note("Interrupted.");
  }
  if (options.json !== true) process.stdout.write(results.map(({ text }) => `${text}\n`).join(""));
  process.exitCode = exitCode(results);
  if (results.some(({ expected }) => expected === null)) note(await noVerdictHints(outputs, client));
}

function definitionsOf(outputs: EnvironmentOutputs, which: Sample | "both") {
  const arns = { signed: outputs.signedTaskDefinitionArn, unsigned: outputs.unsignedTaskDefinitionArn };
  return (which === "both" ? SAMPLES : [which]).map((sample) => {
    const taskDefinition = arns[sample];
    if (taskDefinition !== undefined) return { sample, taskDefinition };
    throw new UsageError(
      `The environment ${outputs.environment} has no sample. Set sampleWorkload: true in its stack file, deploy it, and call this again.`,
    );
  });
}

function runOptions({ account, region }: EnvironmentOutputs, options: RunSampleOptions): SampleRunOptions {
  const { cluster, subnet = [], securityGroup = [], publicIp = false, launchType } = options;
  const [, , , clusterRegion, clusterAccount] = cluster.split(":");
  if (clusterAccount !== undefined && (clusterRegion !== region || clusterAccount !== account)) {
    throw new UsageError(
      `The cluster is of account ${clusterAccount} in ${clusterRegion}, the environment of ${account} in ${region}. Name a cluster there.`,
    );
  }
  if (launchType === "FARGATE" && subnet.length === 0) {
    throw new UsageError("A task on Fargate needs a subnet: add --subnet ID. --help says how to find one.");
  }
  if (subnet.length === 0 && securityGroup.length > 0) {
    throw new UsageError("--security-group is for tasks with a network of their own: add --subnet ID.");
  }
  if (launchType === "EC2" && publicIp) {
    throw new UsageError("--public-ip is for Fargate: ECS gives tasks on EC2 no public address. Leave it out.");
  }
  const startedBy = `run-sample-${randomUUID().slice(0, 8)}`;
  return { cluster, launchType, subnets: subnet, securityGroups: securityGroup, publicIp, startedBy };
}

interface Result {
  /** Null: there is no verdict. */
  readonly expected: boolean | null;
  readonly text: string;
}

function resultOf({ sample, task, records, stoppedBy }: RunningSample, { timeout }: RunSampleOptions): Result {
  const verdict = sampleVerdict(records);
  const stopped = stoppedBy === "run-sample" ? " Stopped by this command." : "";
  if (verdict === undefined)
    return { expected: null, text: `${sample}: no verdict on ${task} within ${timeout} s.${stopped}` };
  const { expected, text } = outcomeOf(sample, verdict);
  return { expected, text: `${printable(text, 1000)}${stopped}` };
}

function exitCode(results: readonly Result[]): number {
  if (results.some(({ expected }) => expected === false)) return EXIT.denied;
  return results.some(({ expected }) => expected === null) ? EXIT.inconclusive : EXIT.trusted;
}

function json(outputs: EnvironmentOutputs, run: SampleRunOptions, running: readonly RunningSample[]): string {
  return asciiJson({
    environment: outputs.environment,
    mode: outputs.mode,
    cluster: run.cluster,
    samples: running.map(({ sample, taskDefinition, task, state, records, stoppedBy }) => {
      const verdict = sampleVerdict(records);
      return {
        sample,
        taskDefinition,
        task,
        lastStatus: state?.lastStatus ?? null,
        expected: verdict === undefined ? null : outcomeOf(sample, verdict).expected,
        stoppedBy,
        verdict: verdict === undefined ? null : JSON.parse(verdictRecordJson(verdict)),
      };
    }),
  });
}

function note(text: string): void {
  process.stderr.write(`${text}\n`);
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
