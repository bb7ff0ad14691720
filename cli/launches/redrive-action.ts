import { LambdaClient } from "@aws-sdk/client-lambda";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import { QUEUE_KINDS, type QueueKind } from "../../automation/operations/queue-kinds";
import { type Redriven, redrive } from "../../automation/operations/redrive";
import { deployedEnvironment } from "../environments/deployed";
import type { DeployedOptions } from "../environments/deployed-options";
import { askAws, awsFailure } from "../lib/aws-errors";
import { CommandFailedError } from "../lib/errors";
import { redrivenJson, redrivenText } from "./redrive-lines";

/** The options of `redrive`. */
export interface RedriveCommandOptions extends DeployedOptions {
  readonly queue?: QueueKind;
  readonly dryRun?: true;
  readonly max: number;
  readonly json?: true;
}

/** Redrives events one by one and prints each result. */
export async function redriveEvents(options: RedriveCommandOptions): Promise<void> {
  const outputs = await deployedEnvironment(options);
  const kinds = options.queue === undefined ? QUEUE_KINDS : [options.queue];
  const print = options.json === true ? redrivenJson : redrivenText;
  const results: Redriven[] = [];
  for await (const one of redriveQueues(outputs, kinds, options)) {
    results.push(one);
    process.stdout.write(`${print(one)}\n`);
  }
  process.stderr.write(`${summary(results, options)}\n`);
  const refused = results.map(({ outcome }) => outcome).find(({ result }) => result === "refused");
  if (refused !== undefined && "error" in refused) {
    const question = {
      asking: "Invoking the function",
      of: outputs.functionName,
      action: "lambda:InvokeFunction on it",
    };
    throw awsFailure(question, refused.error);
  }
  const stays = results.some(({ outcome }) => outcome.result === "unusable" || outcome.result === "not-deleted");
  if (stays && options.dryRun !== true) throw new CommandFailedError("Not everything could be done: see above.");
}

async function* redriveQueues(
  outputs: EnvironmentOutputs,
  kinds: readonly QueueKind[],
  { max, dryRun = false }: { readonly max: number; readonly dryRun?: boolean },
): AsyncGenerator<Redriven> {
  const { region, functionName } = outputs;
  const sqs = new SQSClient({ region, useQueueUrlAsEndpoint: false });
  const lambda = new LambdaClient({ region });
  const startedAt = new Date();
  const givenBack = new Set<string>();
  // Both are looked up before any work is done in either.
  const queues: { readonly queue: QueueKind; readonly name: string; readonly queueUrl: string }[] = [];
  for (const queue of kinds) {
    const name = queue === "failure" ? outputs.failureQueue : outputs.deadLetterQueue;
    queues.push({ queue, name, queueUrl: await findQueueUrl(sqs, name) });
  }
  for (const { queue, name, queueUrl } of queues) {
    process.stderr.write(`Reading the ${queue} queue, ${name}.\n`);
    const redriven = redrive({ sqs, lambda, queue, queueUrl, functionName, max, dryRun, startedAt, givenBack });
    const question = { asking: "Reading the queue", of: name, action: "sqs:ReceiveMessage on it" };
    for (;;) {
      const { value, done } = await askAws(question, () => redriven.next());
      if (done === true) break;
      yield value;
      if (value.outcome.result === "refused") {
        await redriven.return(undefined);
        return;
      }
    }
  }
}

async function findQueueUrl(sqs: SQSClient, name: string): Promise<string> {
  const question = { asking: "Finding the queue", of: name, action: "sqs:GetQueueUrl on it" };
  const { QueueUrl } = await askAws(question, () => sqs.send(new GetQueueUrlCommand({ QueueName: name })));
  if (QueueUrl === undefined) throw new CommandFailedError(`SQS gives no URL for the queue ${name}. Try again.`);
  return QueueUrl;
}

function summary(results: readonly Redriven[], { dryRun, max }: RedriveCommandOptions): string {
  if (results.length === 0) return "Nothing is in the queues.";
  const count = (...wanted: readonly Redriven["outcome"]["result"][]) =>
    results.filter(({ outcome }) => wanted.includes(outcome.result)).length;
  const events = (number: number) => (number === 1 ? "1 event" : `${number} events`);
  const givenBack = count("given-back", "not-deleted");
  const unusable = count("unusable");
  const later = count("later");
  const notDeleted = count("not-deleted");
  const reached = QUEUE_KINDS.some((kind) => results.filter(({ queue }) => queue === kind).length >= max);
  return [
    dryRun === true
      ? `${events(count("found"))} would be given back. Nothing was changed.`
      : `${events(givenBack)} given back.${givenBack === 0 ? "" : " Their verdicts: `verdicts --since 5m --follow`."}`,
    ...(count("refused") > 0 ? [`${events(count("refused"))} refused by Lambda: still in the queue.`] : []),
    ...(unusable > 0
      ? [
          `${unusable === 1 ? "1 message is" : `${unusable} messages are`} not usable as an event: still in the queue. Delete what you do not need; SQS deletes the rest after 14 days.`,
        ]
      : []),
    ...(later > 0
      ? [`${later === 1 ? "1 message" : `${later} messages`} arrived after the start, or again: still in the queue.`]
      : []),
    ...(notDeleted > 0
      ? [`${events(notDeleted)} not deleted: given back again by the next redrive, which does no harm.`]
      : []),
    ...(reached ? ["--max was reached: there may be more."] : []),
  ].join("\n");
}
