import assert from "node:assert/strict";
import { StopTaskCommand } from "@aws-sdk/client-ecs";
import { signerDown, type TestDetector, unsigned } from "../support/detector";
import { runningEvent } from "../support/launch-events";
import { type CommandLine, commandLine } from "./support/command-line";
import { createFailureQueues, type FailureQueues } from "./support/failure-queues";
import { type LambdaStandIn, startLambda } from "./support/lambda";
import { useAws } from "./support/scene";

describe("AWS: ecs-image-verification redrive", () => {
  const aws = useAws();
  let queues: FailureQueues;
  let lambda: LambdaStandIn;
  let detector: TestDetector;
  let cli: CommandLine;
  let task: string;
  beforeEach(async () => {
    detector = aws().detector();
    detector.finds(() => unsigned());
    queues = await createFailureQueues(aws().address);
    lambda = await startLambda((event) => detector.handle(event));
    const { failureQueue, deadLetterQueue } = queues;
    cli = await commandLine(aws().address, { failureQueue, deadLetterQueue });
    task = await aws().account.runTask();
  });
  afterEach(async () => {
    await cli?.close();
    await lambda?.close();
  });

  const redrive = (...more: readonly string[]) =>
    cli.run(["redrive", "--outputs", cli.outputs, ...more], { AWS_ENDPOINT_URL_LAMBDA: lambda.url });
  const jsonLines = (stdout: string) =>
    stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  let number = 0;
  const event = (taskArn = task) => {
    number += 1;
    return { ...runningEvent({ taskArn, clusterArn: aws().account.cluster }), id: `event-${number}` };
  };

  it("gives the events of both queues back, and what is denied is stopped and told", async () => {
    const other = await aws().account.runTask();
    await queues.putFailed(event());
    await queues.putUndelivered(event(other));

    const { code, stdout, stderr } = await redrive();

    assert.deepEqual([code, lambda.invoked, await queues.depths()], [0, ["verifier", "verifier"], [0, 0]]);
    assert.match(stdout, /^GIVEN BACK {2}\S+Z {2}failure queue\n {2}task +[\w-]+ \(RUNNING\) in cluster t-/);
    assert.match(stdout, /\n {2}image +\S+\/team\/app:1@sha256:a{64} \(container web\)\n/);
    assert.match(stdout, /\n {2}why +RetriesExhausted after 3 attempts: IncompleteError: The response failed: Access/);
    assert.match(stdout, /dead-letter queue\n.*\n.*\n {2}why +NO_PERMISSIONS: EventBridge may not invoke/);
    assert.match(stderr, /\n2 events given back\. /);
    await lambda.settled();
    for (const arn of [task, other]) assert.equal((await aws().account.task(arn)).desired, "STOPPED");
    assert.equal((await aws().account.events()).length, 2);
  });

  it("gives back a stop that was postponed too long, and says so", async () => {
    await queues.putPostponed(event());

    const { code, stdout } = await redrive();

    await lambda.settled();
    assert.deepEqual([code, await queues.depths()], [0, [0, 0]]);
    assert.match(stdout, /\n {2}why +the stop was postponed for twelve windows/);
    assert.equal((await aws().account.task(task)).desired, "STOPPED");
  });

  it("does nothing twice for an event that had been dealt with", async () => {
    const again = event();
    await detector.handle(again);
    await aws().account.events();
    await queues.putFailed(again);

    const { code } = await redrive();

    await lambda.settled();
    assert.deepEqual([code, lambda.invoked.length, await aws().account.events()], [0, 1, []]);
  });

  it("judges the old event of a task that has ended, and what is inconclusive is final at once", async () => {
    await aws().ecs.send(new StopTaskCommand({ cluster: aws().account.cluster, task }));
    detector.finds(() => signerDown());
    await queues.putFailed(event());
    await detector.clock.pass(24 * 60 * 60_000);

    await redrive();

    await lambda.settled();
    const [told] = await aws().account.events();
    assert.deepEqual([told?.code, told?.final, lambda.invoked.length], ["signer-unavailable", true, 1]);
  });

  it("changes nothing in a dry run, and shows the same again", async () => {
    await queues.putFailed(event());
    await queues.putText("dead-letter", "hello");

    const first = await redrive("--dry-run", "--json");
    const second = await redrive("--dry-run", "--json");

    assert.deepEqual([first.code, lambda.invoked, await queues.depths()], [0, [], [1, 1]]);
    const [found, unusable] = jsonLines(first.stdout);
    assert.deepEqual([found.result, found.queue, found.task], ["found", "failure", task]);
    assert.deepEqual([unusable.result, unusable.task, unusable.problem], ["unusable", null, "it is not valid JSON"]);
    assert.deepEqual(Object.keys(found), Object.keys(unusable));
    assert.equal(second.stdout, first.stdout);
    assert.match(first.stderr, /\n1 event would be given back\. Nothing was changed\./);
  });

  it("leaves what is no event in the queue, says so, and does the rest", async () => {
    await queues.putFailed({ source: "aws.ecs", "detail-type": "\u001b[31m" });
    await queues.putText("failure", '{"requestPayload":{}}');
    await queues.putFailed(event());

    const { code, stdout, stderr } = await redrive();

    assert.deepEqual([code, lambda.invoked.length, await queues.depths()], [2, 1, [2, 0]]);
    assert.match(
      stdout,
      /LEFT: UNUSABLE {2}.*\n {2}message +\S+\n {2}problem +it is not the launch of a task: detail-type/,
    );
    assert.match(stdout, /problem +it is not Lambda's record of an invocation/);
    assert.doesNotMatch(stdout, /[^\x20-\x7e\n]/);
    assert.match(stderr, /2 messages are not usable as an event: still in the queue/);
  });

  it("keeps the events that Lambda refuses, and says what to do", async () => {
    for (const _ of [1, 2, 3]) await queues.putFailed(event());
    lambda.refuse({
      status: 403,
      type: "AccessDeniedException",
      message: "not authorized to perform lambda:InvokeFunction",
    });

    const { code, stdout, stderr } = await redrive();

    assert.deepEqual([code, await queues.depths()], [2, [3, 0]]);
    assert.match(stdout, /^LEFT: REFUSED {2}[\s\S]*\n {2}error +AccessDeniedException: not authorized/);
    assert.match(
      stderr,
      /\n0 events given back\.\n\d events? refused by Lambda: still in the queue\.\nInvoking the function verifier failed: .*need lambda:InvokeFunction on it\.\n$/,
    );
  });

  it("keeps the events while Lambda is throttled", async () => {
    await queues.putFailed(event());
    lambda.refuse({ status: 429, type: "TooManyRequestsException", message: "Rate Exceeded." });

    const { code, stderr } = await redrive();

    assert.deepEqual([code, await queues.depths()], [2, [1, 0]]);
    assert.match(stderr, /TooManyRequestsException: Rate Exceeded\. Try again in a minute\.\n$/);
  });

  it("does not go round: an event that fails again meanwhile stays for the next time", async () => {
    const failing = event();
    await lambda.close();
    lambda = await startLambda((again) => queues.putFailed(again));
    await queues.putFailed(failing);

    const { code, stderr } = await redrive();

    await lambda.settled();
    assert.deepEqual([code, lambda.invoked.length, await queues.depths()], [0, 1, [1, 0]]);
    assert.match(stderr, /1 message arrived after the start, or again: still in the queue/);
  });

  it("gives back no more than --max, from the queue that --queue names", async () => {
    for (const _ of [1, 2, 3]) await queues.putFailed(event());
    await queues.putUndelivered(event());

    const { stderr } = await redrive("--queue", "failure", "--max", "2");

    assert.deepEqual([lambda.invoked.length, await queues.depths()], [2, [1, 1]]);
    assert.match(stderr, /--max was reached: there may be more\./);
  });

  it("says that nothing is there", async () => {
    const { code, stdout, stderr } = await redrive();

    assert.deepEqual([code, stdout], [0, ""]);
    assert.match(stderr, /\nNothing is in the queues\.\n$/);
  });

  it("answers 2 and names the queue that is not there, before it touches the other", async () => {
    await queues.putFailed(event());
    const { failureQueue } = queues;
    const stale = await commandLine(aws().address, { failureQueue, deadLetterQueue: "gone" });
    try {
      const { code, stderr } = await stale.run(["redrive", "--outputs", stale.outputs]);

      assert.equal(code, 2);
      assert.match(stderr, /^Finding the queue gone failed: .* newest outputs.*\n$/);
      assert.deepEqual(await queues.depths(), [1, 0]);
    } finally {
      await stale.close();
    }
  });
});
