import assert from "node:assert/strict";
import { DescribeTasksCommand, ListTasksCommand, RegisterTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import type { Settings } from "../../verifier/src/baked-settings";
import { signed, type TestDetector, unsigned } from "../support/detector";
import { DIGEST, OTHER_DIGEST, runningEvent } from "../support/launch-events";
import type { Running } from "../support/running-command";
import { type CommandLine, commandLine } from "./support/command-line";
import { createFailureQueues } from "./support/failure-queues";
import { createLogGroup, type LogGroup } from "./support/log-group";
import { useAws } from "./support/scene";

const REPOSITORY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/sample";
const IMAGES = { signed: `${REPOSITORY}@${DIGEST}`, unsigned: `${REPOSITORY}@${OTHER_DIGEST}` };
const NETWORK = ["--subnet", "subnet-0123456789abcdef0", "--public-ip"];

describe("AWS: ecs-image-verification run-sample", () => {
  const aws = useAws();
  let log: LogGroup;
  let cli: CommandLine;
  beforeEach(async () => {
    log = await createLogGroup(aws().address);
    const { failureQueue, deadLetterQueue, putFailed } = await createFailureQueues(aws().address);
    await putFailed(runningEvent());
    cli = await commandLine(aws().address, {
      logGroup: log.name,
      failureQueue,
      deadLetterQueue,
      signedTaskDefinitionArn: await register("signed"),
      unsignedTaskDefinitionArn: await register("unsigned"),
    });
  });
  afterEach(() => cli?.close());

  async function register(sample: keyof typeof IMAGES): Promise<string> {
    const { taskDefinition } = await aws().ecs.send(
      new RegisterTaskDefinitionCommand({
        family: `sample-${sample}`,
        containerDefinitions: [{ name: "sample", image: IMAGES[sample], memory: 128 }],
      }),
    );
    return taskDefinition?.taskDefinitionArn ?? "";
  }

  const start = (...more: readonly string[]) =>
    cli.start(["run-sample", "--outputs", cli.outputs, "--cluster", aws().account.cluster, ...NETWORK, ...more]);

  async function tasks() {
    const { cluster } = aws().account;
    const lists = await Promise.all(
      (["RUNNING", "STOPPED"] as const).map((desiredStatus) =>
        aws().ecs.send(new ListTasksCommand({ cluster, desiredStatus })),
      ),
    );
    const arns = lists.flatMap(({ taskArns = [] }) => taskArns);
    if (arns.length === 0) return [];
    return (await aws().ecs.send(new DescribeTasksCommand({ cluster, tasks: arns }))).tasks ?? [];
  }

  /** ECS's events of the tasks that the command has started, in the detector; its log lines, in the log group. */
  async function launch(running: Running, changes: Partial<Settings> = {}): Promise<void> {
    await running.says("stderr", /unsigned: task \S+ started/);
    const detector: TestDetector = aws().detector(changes);
    detector.finds(({ reference }) => (reference.endsWith(DIGEST) ? signed(DIGEST) : unsigned(OTHER_DIGEST)));
    for (const { taskArn, taskDefinitionArn = "" } of await tasks()) {
      const image = taskDefinitionArn.includes("unsigned") ? IMAGES.unsigned : IMAGES.signed;
      const containers = [{ name: "sample", image, imageDigest: image.slice(image.indexOf("@") + 1) }];
      await detector.handle(
        runningEvent({ clusterArn: aws().account.cluster, taskArn, taskDefinitionArn, containers }),
      );
    }
    await log.putVerdicts(detector.seen.lines);
  }

  it("answers 0 when the signed is trusted, and the unsigned denied and stopped by the verifier", async () => {
    const running = start();
    await launch(running);

    const { code, stdout, stderr } = await running.ended;

    assert.deepEqual(stdout.split("\n"), [
      "signed: trusted, signature-valid, as expected. Stopped by this command.",
      "unsigned: denied, no-signature, as expected, and stopped by the verifier.",
      "",
    ]);
    assert.equal(code, 0);
    assert.match(stderr, /^signed: task \S+ started\n/);
    // moto's tasks are in another state each time that they are asked for.
    assert.match(stderr, /\nunsigned: [A-Z]+\n/);
    const ended = await tasks();
    assert.deepEqual(
      ended.map(({ desiredStatus }) => desiredStatus),
      ["STOPPED", "STOPPED"],
    );
    assert.deepEqual(ended.map(({ stoppedReason = "" }) => stoppedReason.split(":")[0]).sort(), [
      "ecs-image-verification",
      "run-sample has ended",
    ]);
  });

  it("stops both where the environment audits, and gives one document with --json", async () => {
    const running = start("--json");
    await launch(running, { mode: "audit" });

    const { code, stdout } = await running.ended;

    const { samples } = JSON.parse(stdout);
    assert.equal(code, 0);
    assert.deepEqual(
      samples.map(({ sample, expected, stoppedBy, verdict }: Record<string, Record<string, unknown>>) => [
        sample,
        expected,
        stoppedBy,
        verdict?.code,
        verdict?.response,
      ]),
      [
        ["signed", true, "run-sample", "signature-valid", "none"],
        ["unsigned", true, "run-sample", "no-signature", "audited"],
      ],
    );
    assert.deepEqual(
      (await tasks()).map(({ desiredStatus }) => desiredStatus),
      ["STOPPED", "STOPPED"],
    );
  });

  it("answers 1 when the unsigned should have been stopped and was not", async () => {
    const running = start();
    await launch(running, { stopBudget: 0 });

    const { code, stdout } = await running.ended;

    assert.equal(code, 1);
    assert.match(
      stdout,
      /unsigned: .* but it should have been stopped\. Response: alert-only\. Stopped by this command\./,
    );
  });

  it("answers 2 when no verdict comes in time, says where to look, and stops the task", async () => {
    const { code, stdout, stderr } = await start("--which", "signed", "--timeout", "1").ended;

    assert.equal(code, 2);
    assert.match(stdout, /^signed: no verdict on arn:aws:ecs:\S+ within 1 s\. Stopped by this command\.\n$/);
    assert.match(stderr, /failure queue +failures-\w+: about 1 event that the function failed to process/);
    assert.match(stderr, /dead-letter queue +dead-letters-\w+: about 0 events that EventBridge could not/);
    assert.deepEqual(
      (await tasks()).map(({ desiredStatus }) => desiredStatus),
      ["STOPPED"],
    );
  });

  it("lets the task run on with --keep", async () => {
    await start("--which", "signed", "--timeout", "1", "--keep").ended;

    assert.deepEqual(
      (await tasks()).map(({ desiredStatus }) => desiredStatus),
      ["RUNNING"],
    );
  });

  it("stops what it has started at Ctrl-C, and answers 130", async () => {
    const running = start("--which", "unsigned");
    await running.says("stderr", /unsigned: [A-Z]+\n/);
    running.signal("SIGINT");

    const { code, stdout } = await running.ended;

    assert.deepEqual([code, stdout], [130, ""]);
    assert.deepEqual(
      (await tasks()).map(({ stoppedReason }) => stoppedReason),
      ["run-sample has ended"],
    );
  });

  it("explains why ECS starts no task", async () => {
    const cluster = ["--cluster", "gone"];
    const { code, stderr } = await cli.run(["run-sample", "--outputs", cli.outputs, ...cluster, ...NETWORK]);

    assert.equal(code, 2);
    assert.match(
      stderr,
      /^Running a task of arn:\S+ failed: ClusterNotFoundException: .* Is the cluster gone of this account/,
    );
    assert.equal(stderr.trim().split("\n").length, 1);
  });

  const refused: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["no subnet on Fargate", [], /^A task on Fargate needs a subnet: add --subnet ID\./],
    ["a public address on EC2", ["--launch-type", "EC2", "--public-ip"], /^--public-ip is for Fargate/],
    [
      "security groups without a subnet",
      ["--launch-type", "EC2", "--security-group", "sg-0123456789abcdef0"],
      /add --subnet/,
    ],
    ["a subnet that is none", ["--subnet", "10.0.0.0/8"], /must be the id of a subnet/],
    [
      "a cluster elsewhere",
      [...NETWORK, "--cluster", "arn:aws:ecs:us-east-1:111122223333:cluster/demo"],
      /in us-east-1, the environment of/,
    ],
  ];
  for (const [name, args, says] of refused) {
    it(`refuses ${name} with 64, and starts nothing`, async () => {
      const cluster = args.includes("--cluster") ? [] : ["--cluster", aws().account.cluster];
      const { code, stderr } = await cli.run(["run-sample", "--outputs", cli.outputs, ...cluster, ...args]);

      assert.equal(code, 64);
      assert.match(stderr, says);
      assert.deepEqual(await tasks(), []);
    });
  }

  it("says how to get a sample where there is none", async () => {
    const without = await commandLine(aws().address);
    try {
      const { code, stderr } = await without.run(["run-sample", "--outputs", without.outputs, "--cluster", "demo"]);

      assert.equal(code, 64);
      assert.match(stderr, /^The environment prod has no sample\. Set sampleWorkload: true/);
    } finally {
      await without.close();
    }
  });
});
