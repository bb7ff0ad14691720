import { randomUUID } from "node:crypto";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { ECSClient } from "@aws-sdk/client-ecs";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import { SAMPLES, type Sample, sampleVerdict, toOutcome } from "../../automation/operations/sample-outcome";
import type { SampleRunOptions } from "../../automation/operations/sample-run";
import { deployedEnvironment } from "../environments/deployed";
import type { DeployedOptions } from "../environments/deployed-options";
import { UsageError } from "../lib/errors";
import { EXIT } from "../lib/exit-code";
import { interruptible } from "../lib/interruptible";
import { asciiJson, printable } from "../lib/printable";
import { noVerdictHints } from "./run-sample-hints";
import { type RunningSample, watchSamples } from "./sample-watch";
import { verdictRecordJson } from "./verdict-lines";

/** The options of `run-sample`. */
export interface RunSampleOptions extends DeployedOptions {
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

/** Runs the sample's tasks and sets the exit code from their verdicts. */
export async function runSample(options: RunSampleOptions): Promise<void> {
  const outputs = await deployedEnvironment(options);
  const definitions = chooseDefinitions(outputs, options.which);
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
  const results = running.map((one) => toResult(one, options));
  if (options.json === true) process.stdout.write(`${json(outputs, run, running)}\n`);
  if (aborted) {
    process.exitCode = EXIT.interrupted;
    return note("Interrupted.");
  }
  if (options.json !== true) process.stdout.write(results.map(({ text }) => `${text}\n`).join(""));
  process.exitCode = exitCode(results);
  if (results.some(({ expected }) => expected === null)) note(await noVerdictHints(outputs, client));
}

function chooseDefinitions(outputs: EnvironmentOutputs, which: Sample | "both") {
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

function toResult({ sample, task, records, stoppedBy }: RunningSample, { timeout }: RunSampleOptions): Result {
  const verdict = sampleVerdict(records);
  const stopped = stoppedBy === "run-sample" ? " Stopped by this command." : "";
  if (verdict === undefined)
    return { expected: null, text: `${sample}: no verdict on ${task} within ${timeout} s.${stopped}` };
  const { expected, text } = toOutcome(sample, verdict);
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
        expected: verdict === undefined ? null : toOutcome(sample, verdict).expected,
        stoppedBy,
        verdict: verdict === undefined ? null : JSON.parse(verdictRecordJson(verdict)),
      };
    }),
  });
}

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
