import { setTimeout as sleep } from "node:timers/promises";
import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { ECSClient } from "@aws-sdk/client-ecs";
import { isSettled, type Sample, sampleVerdict, wasStopped } from "../../automation/operations/sample-outcome";
import {
  readStates,
  type SampleRunOptions,
  startTask,
  stopSample,
  TaskNotStartedError,
  type TaskState,
} from "../../automation/operations/sample-run";
import { followVerdicts } from "../../automation/operations/verdict-log";
import type { ReadRecord } from "../../automation/operations/verdict-record";
import { lastPart } from "../../verifier/src/ecs/arn";
import { askAws, awsFailure } from "../lib/aws-errors";
import { CommandFailedError } from "../lib/errors";
import { printable } from "../lib/printable";

/** A sample that was started, and its state so far. */
export interface RunningSample {
  readonly sample: Sample;
  readonly taskDefinition: string;
  readonly task: string;
  state: TaskState | undefined;
  readonly records: ReadRecord[];
  stoppedBy: "verifier" | "run-sample" | null;
}

export interface SampleWatchOptions {
  readonly ecs: ECSClient;
  readonly logs: CloudWatchLogsClient;
  readonly logGroup: string;
  readonly run: SampleRunOptions;
  readonly timeoutMs: number;
  /** Keeps the tasks running. */
  readonly keep: boolean;
  readonly signal: AbortSignal;
  /** Called with progress while waiting. */
  readonly note: (text: string) => void;
}

const POLL_MS = 2000;
/** The allowed clock difference between this machine and AWS, in milliseconds. The tasks are identified by their ARN. */
const CLOCKS_MS = 15 * 60_000;

/**
 * Runs samples until each has a final verdict whose response did not fail, the time is up, or the signal aborts. Then stops
 * the tasks that it started, even after an error.
 *
 * @throws CommandFailedError
 */
export async function watchSamples(
  definitions: readonly { readonly sample: Sample; readonly taskDefinition: string }[],
  options: SampleWatchOptions,
): Promise<readonly RunningSample[]> {
  const running: RunningSample[] = [];
  try {
    for (const { sample, taskDefinition } of definitions) {
      if (options.signal.aborted) break;
      const task = await start(taskDefinition, options);
      running.push({ sample, taskDefinition, task, state: undefined, records: [], stoppedBy: null });
      options.note(`${sample}: task ${lastPart(task)} started`);
    }
    await follow(running, options);
  } finally {
    await Promise.all(running.map((one) => end(one, options)));
  }
  return running;
}

async function start(taskDefinition: string, { ecs, run }: SampleWatchOptions): Promise<string> {
  const question = {
    asking: "Running a task of",
    of: taskDefinition,
    action: "ecs:RunTask on it, and iam:PassRole on its execution role",
    advice: `Is the cluster ${run.cluster} of this account and region, and are the subnets (--subnet) and security groups of one VPC there?`,
  };
  try {
    return await startTask(ecs, taskDefinition, run);
  } catch (error) {
    if (!(error instanceof TaskNotStartedError)) throw awsFailure(question, error);
    throw new CommandFailedError(
      `ECS started no task of ${taskDefinition} in ${run.cluster}: ${printable(error.message, 600)}`,
    );
  }
}

async function follow(running: readonly RunningSample[], options: SampleWatchOptions): Promise<void> {
  const { logs, logGroup, run, timeoutMs, signal, note } = options;
  const deadline = Date.now() + timeoutMs;
  const looks = followVerdicts(
    {
      client: logs,
      logGroup,
      since: new Date(Date.now() - CLOCKS_MS),
      filter: { cluster: run.cluster },
    },
    { pause: () => sleep(POLL_MS, undefined, { signal }).catch(() => undefined), now: Date.now },
  );
  const question = { asking: "Reading the log group", of: logGroup, action: "logs:FilterLogEvents on it" };
  while (!signal.aborted) {
    await showStates(running, options);
    const { value = [] } = await askAws(question, () => looks.next());
    for (const record of value) {
      const one = running.find(({ task }) => task === record.task);
      if (one === undefined) continue;
      one.records.push(record);
      if (!record.final) note(`${one.sample}: ${record.status}, ${printable(record.code)}: judged again`);
    }
    const waiting = running.filter(({ records }) => {
      const verdict = sampleVerdict(records);
      return verdict === undefined || !isSettled(verdict);
    });
    if (waiting.length === 0 || Date.now() >= deadline) return;
  }
}

async function showStates(running: readonly RunningSample[], { ecs, run, note }: SampleWatchOptions): Promise<void> {
  const question = { asking: "Describing the tasks of the sample in", of: run.cluster, action: "ecs:DescribeTasks" };
  const tasks = running.map(({ task }) => task);
  for (const state of await askAws(question, () => readStates(ecs, run.cluster, tasks))) {
    const one = running.find(({ task }) => task === state.task);
    if (one === undefined || one.state?.lastStatus === state.lastStatus) continue;
    one.state = state;
    const reason = state.stoppedReason === "" ? "" : ` (${printable(state.stoppedReason, 300)})`;
    note(`${one.sample}: ${printable(state.lastStatus)}${reason}`);
  }
}

async function end(one: RunningSample, { ecs, run, keep, note }: SampleWatchOptions): Promise<void> {
  const verdict = sampleVerdict(one.records);
  if (verdict !== undefined && wasStopped(verdict)) {
    one.stoppedBy = "verifier";
    return;
  }
  if (keep) return note(`${one.sample}: task ${lastPart(one.task)} keeps running, because of --keep`);
  try {
    await stopSample(ecs, run.cluster, one.task);
    one.stoppedBy = "run-sample";
  } catch (error) {
    const question = { asking: "Stopping the task", of: one.task, action: "ecs:StopTask on it" };
    note(`${awsFailure(question, error).message} It may still be running: stop it yourself.`);
  }
}
