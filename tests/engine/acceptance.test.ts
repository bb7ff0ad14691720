import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateClusterCommand, ECSClient } from "@aws-sdk/client-ecs";
import { ListQueuesCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { STEPS } from "../../acceptance/steps";
import { type LocalSigner, startSigner } from "../../local/signer/server";
import { clientOf } from "../aws/support/account";
import { useMoto } from "../aws/support/moto";
import { signed, unsigned } from "../support/detector";
import type { Running } from "../support/running-command";
import { CTRL_C } from "../support/terminal";
import { failedAt, notVerified, valid } from "../unit/verifier/verification/facts";
import { type AcceptanceCheckout, acceptanceCheckout } from "./support/acceptance";
import { alsoInMoto } from "./support/aws-in-moto";
import { type EcsServices, startEcsServices } from "./support/ecs-services";
import { faultyAws } from "./support/faulty-aws";
import { guarded } from "./support/gated-services";
import { type Launches, playLaunches } from "./support/launches";
import type { HookPlay } from "./support/played-deployment";
import { playGate } from "./support/played-gate";
import { program, SAMPLE_DIGEST } from "./support/program";
import { useScene } from "./support/scene";
import { type SnsFilters, startSnsFilters } from "./support/sns-filters";

/**
 * The whole acceptance, on the real Pulumi engine with stand-ins for the providers. What it asks AWS itself is asked of moto, and
 * of our stand-in for AWS Signer. Between a task in moto and its verdict in the log there is no AWS here: no event of ECS, no
 * rule, no Lambda, no AWS Signer plugin. The test plays that part with our own detector (support/launches.ts). Nor is there an ECS
 * that deploys services: moto knows neither service deployments nor lifecycle hooks. The test plays it as it is believed to be
 * (support/played-deployment.ts), and Lambda behind a hook with our own gate (support/played-gate.ts). So it shows that the
 * command does what it says, and not that AWS does: that is what the command is for.
 */
describe("engine: npm run acceptance", function () {
  this.timeout(300_000);
  const moto = useMoto();
  const aws = faultyAws();
  // The keeper, asked by the guard of the gate, finds what ECS has.
  const withGuard = guarded(aws.provided, (targetArn) => ecs.using(targetArn));
  const inMoto = alsoInMoto(withGuard, () => moto().address);
  const scene = useScene({ ...program, packages: [...(program.packages ?? []), inMoto] });
  let signer: LocalSigner;
  let sns: SnsFilters;
  let ecs: EcsServices;
  let job: string;
  let checkout: AcceptanceCheckout;
  let cluster: string;
  let sqs: SQSClient;

  before("a checkout, and a cluster", async () => {
    signer = await startSigner({ region: "eu-west-1" });
    job = signer.signPayload("of the sample", signer.putProfile("release")).jobArn;
    sns = await startSnsFilters(moto().address);
    ecs = await startEcsServices(moto().address);
    checkout = await acceptanceCheckout({
      engine: scene().engine,
      aws: moto().address,
      signer: signer.url,
      sns: sns.url,
      ecs: ecs.url,
    });
    const config = clientOf(moto().address);
    sqs = new SQSClient({ ...config, useQueueUrlAsEndpoint: false });
    const made = await new ECSClient(config).send(new CreateClusterCommand({ clusterName: "accepted" }));
    cluster = made.cluster?.clusterArn ?? "";
  });
  after(async () => {
    await checkout?.remove();
    await ecs?.close();
    await sns?.close();
    await signer?.close();
  });

  const NETWORK = ["--cluster", "accepted", "--subnet", "subnet-0123456789abcdef0", "--public-ip"];
  const start = (stack: string, more: readonly string[] = ["--yes"], environment: Record<string, string> = {}) =>
    checkout.start([...NETWORK, "--stack", stack, ...more], environment);
  const stacks = async () => (await scene().pulumi("stack", "ls", "--json")).stdout;
  const reportOf = (stack: string) => readFile(join(checkout.folder, `${stack}.md`), "utf8");
  /** The results where all is well. */
  const PASSED = Object.fromEntries(STEPS.map(({ id }) => [id, "passed"]));
  /** Rows of the report: step and result. */
  const resultsIn = (report: string) =>
    Object.fromEntries(
      [...report.matchAll(/^\| ([a-z-]+) \| [^|]+ \| (passed|failed|was \w+ ?\w*) \|/gm)].map(([, id, result]) => [
        id,
        result,
      ]),
    );
  const folders = async () =>
    (await readdir(checkout.temporary)).filter((name) => name.startsWith("ecs-image-verification-"));

  /** The name of what the stand-in has made last of a type. */
  const nameOf = (type: string, part = "") =>
    String(
      scene()
        .calls()
        .findLast((call) => call.type === type && !call.preview && String(call.inputs.name).includes(part))?.inputs
        .name,
    );

  /** The sample as the notation process finds it signed. */
  const byJob = (job: string) => {
    const facts = signed(SAMPLE_DIGEST);
    return { ...facts, signatures: facts.signatures.map((signature) => ({ ...signature, job })) };
  };

  /** The name of the log group made last of those with this end of their name in the program. */
  const logGroupOf = (end: string) =>
    String(
      scene()
        .calls()
        .findLast(
          ({ type, name, method, preview }) =>
            type === "aws:cloudwatch/logGroup:LogGroup" && name.endsWith(end) && method === "create" && !preview,
        )?.inputs.name,
    );

  /** Plays the launches of a stack, and its gate; what is signed is revoked once Signer was told so and one more verdict was kept. */
  function play(stack: string, asks?: HookPlay["asks"]): Launches {
    const revocations = () => signer.requests.filter(({ operation }) => operation === "RevokeSignature").length;
    const before = revocations();
    let kept = 1;
    const facts = (reference: string) => {
      if (reference.includes("unsigned")) return unsigned(SAMPLE_DIGEST);
      if (revocations() === before || kept-- > 0) return byJob(job);
      return {
        ...notVerified({ ...valid, job, ...failedAt("revocation", "revoked") }),
        digest: SAMPLE_DIGEST,
      };
    };
    const invoke = playGate({
      address: moto().address,
      ecs: ecs.url,
      applied: scene().applied,
      environment: stack,
      logGroup: () => logGroupOf("-gate-function-log"),
      facts,
    });
    ecs.treatHooks({ invoke, ...(asks === undefined ? {} : { asks }) });
    return playLaunches({
      address: moto().address,
      cluster,
      environment: stack,
      logGroup: () => logGroupOf("-verifier-log"),
      topicArn: () => `arn:aws:sns:eu-west-1:111122223333:${nameOf("aws:sns/topic:Topic")}`,
      facts,
    });
  }

  async function played<T>(stack: string, work: () => Promise<T>, asks?: HookPlay["asks"]): Promise<T> {
    const launches = play(stack, asks);
    const failed = launches.played.then(() => new Promise<never>(() => {}));
    try {
      return await Promise.race([work(), failed]);
    } finally {
      await launches.stop();
    }
  }

  describe("when all is well", () => {
    const stack = "acceptance-well";
    let running: Awaited<Running["ended"]>;

    before(async () => {
      running = await played(stack, () => start(stack).ended);
    });

    it("answers 0, and says what each step proves before it runs", () => {
      assert.equal(running.code, 0, running.stderr);
      for (const [index, { title, proves }] of STEPS.entries()) {
        const said = `${index + 1}/${STEPS.length} ${title}\nProves: ${proves}\n`;
        assert.ok(running.stderr.includes(said), `${said}\n\nis not in\n\n${running.stderr}`);
      }
    });

    it("writes a report with every step, and names its place in the end", async () => {
      const report = await reportOf(stack);

      assert.equal(running.stdout, `passed: ${join(checkout.folder, `${stack}.md`)}\n`);
      assert.deepEqual(resultsIn(report), PASSED);
      for (const row of [
        /^\| Account \| 111122223333 \|$/m,
        /^\| Region \| eu-west-1 \|$/m,
        /^\| Pulumi CLI \| 3\.259\.0 \|$/m,
      ]) {
        assert.match(report, row);
      }
    });

    it("says in the report what was seen", async () => {
      const report = await reportOf(stack);

      for (const seen of [
        /Nothing changed, \d+ resources are the same/,
        /A denial and an alarm came\. The inconclusive one did not come\./,
        /trusted, signature-valid .* denied, no-signature/,
        /The topic got the message: "DENIED no-signature: sample in acceptance-well"/,
        /The signed sample was deployed\. The unsigned one was rolled back after \d+ s without a task; ECS says "Service deploy/,
        /ECS asked at PRE_SCALE_UP and POST_SCALE_UP\. PRE_SCALE_UP: trusted, .* ECS asked at PRE_SCALE_UP\. PRE_SCALE_UP: denied, no-sig/,
        /denied, signature-revoked, judged \d+ s after the revocation/,
        /(\d\d) of them were looked for in AWS, and none is left\./,
        /^\| `job-id-grammar` \| revocation \| .*\/signing-jobs\//m,
      ]) {
        assert.match(report, seen);
      }
    });

    it("goes on while a verdict of before the revocation is kept", () => {
      assert.match(running.stderr, /still trusted, signature-valid, \d+ s after the revocation: running it again/);
    });

    it("leaves nothing: no stack, no file of it, no queue, no service, no folder", async () => {
      const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));

      assert.doesNotMatch(await stacks(), /acceptance-well/);
      assert.ok(!existsSync(join(checkout.folder, `Pulumi.${stack}.yaml`)));
      assert.deepEqual(QueueUrls, []);
      assert.deepEqual(ecs.list(), []);
      assert.deepEqual(await folders(), []);
    });
  });

  it("after steps that failed: goes on with what does not need them, takes everything down, and answers 1", async () => {
    const stack = "acceptance-refused";
    const url = "https://hooks.slack.com/services/T000/B000/made-up";
    const file = join(checkout.folder, `Pulumi.${stack}.yaml`);
    const { code, stderr, written } = await played(stack, async () => {
      const running = start(stack, ["--yes"], { SLACK_WEBHOOK_URL: url, ALSO_IN_CLONE: "echo >> verifier/Dockerfile" });
      await running.says("stderr", /\d\/\d Look for the message on the unsigned sample/);
      const QueueUrl = `https://sqs.eu-west-1.amazonaws.com/111122223333/${nameOf("aws:sqs/queue:Queue", "undelivered")}`;
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "EventBridge could not hand it over" }));
      return { written: await readFile(file, "utf8"), ...(await running.ended) };
    });

    const report = await reportOf(stack);
    assert.equal(code, 1, stderr);
    assert.deepEqual(resultsIn(report), {
      ...PASSED,
      "second-machine": "failed",
      messages: "failed",
    });
    assert.match(report, /It should change nothing, but: .*<br>update image-verification-image-image build/);
    assert.match(report, /1 of the messages for Slack was refused/);
    assert.doesNotMatch(await stacks(), /acceptance-refused/);
    // The webhook lets whoever has it post.
    assert.match(written, /slackWebhookUrl:\n\s+secure: /);
    for (const text of [written, report, stderr]) assert.ok(!text.includes(url));
  });

  it("after updates of a service for which ECS did not ask the gate: says so, goes on, takes everything down, and answers 1", async () => {
    const stack = "acceptance-unasked";
    const { code, stderr } = await played(
      stack,
      () => start(stack).ended,
      ({ isFirst }) => isFirst,
    );

    const report = await reportOf(stack);
    assert.equal(code, 1, stderr);
    assert.deepEqual(resultsIn(report), { ...PASSED, gate: "failed" });
    assert.match(report, /^\| gate \| .* should be ROLLBACK_SUCCESSFUL, and is SUCCESSFUL/m);
    assert.deepEqual(ecs.list(), []);
    assert.doesNotMatch(await stacks(), /acceptance-unasked/);
  });

  it("after a deployment that failed: leaves the other steps out, takes down what there is, and answers 1", async () => {
    const stack = "acceptance-failed";
    aws.refuse("AccessDeniedException: not authorized to perform lambda:CreateFunction");
    const { code, stderr } = await start(stack).ended.finally(() => aws.refuse(undefined));

    const report = await reportOf(stack);
    assert.equal(code, 1, stderr);
    assert.match(report, /^\| deploy \| .* \| failed \| .*lambda:CreateFunction/m);
    assert.match(report, /^\| samples \| .* \| was left out \| 0 s \| It needs steps that did not pass: deploy\. \|$/m);
    assert.match(report, /^\| teardown \| .* \| passed \|/m);
    assert.doesNotMatch(await stacks(), /acceptance-failed/);
  });

  it("says what is left and how it is removed where AWS does not remove it, and answers 1", async () => {
    const stack = "acceptance-stuck";
    aws.refuse("AccessDeniedException: not authorized to perform lambda:CreateFunction");
    aws.refuseRemoval("AccessDeniedException: not authorized to perform signer:CancelSigningProfile");
    const { code, stderr } = await start(stack).ended.finally(() => {
      aws.refuse(undefined);
      aws.refuseRemoval(undefined);
    });

    const file = join(checkout.folder, `Pulumi.${stack}.yaml`);
    const byHand = `bin/ecs-image-verification destroy --stack ${stack} --remove --yes && rm ${file}`;
    assert.equal(code, 1, stderr);
    assert.ok(stderr.trimEnd().endsWith(byHand), stderr);
    assert.ok((await reportOf(stack)).includes(`To remove it: \`${byHand}\``));
    assert.ok(existsSync(file));
    // What it says does remove it.
    const destroyed = await checkout.run(byHand);
    assert.equal(destroyed.code, 0, destroyed.stderr);
    assert.doesNotMatch(await stacks(), /acceptance-stuck/);
  });

  it("Ctrl-C: takes everything down, also if npm hands it on once more, and answers 130", async () => {
    const stack = "acceptance-interrupted";
    const held = aws.hold();
    const running = start(stack);
    await held.reached;
    running.signal("SIGINT");
    await running.says("stderr", /Interrupted: what was created is being removed/);
    running.signal("SIGINT");
    const { code, stdout, stderr } = await running.ended.finally(() => held.release());

    const report = await reportOf(stack);
    assert.equal(code, 130, stderr);
    assert.match(stdout, /^interrupted: /);
    assert.match(report, /^\| deploy \| .* \| was interrupted \|/m);
    assert.match(report, /^\| teardown \| .* \| passed \|/m);
    assert.doesNotMatch(await stacks(), /acceptance-interrupted/);
    assert.ok(!existsSync(join(checkout.folder, `Pulumi.${stack}.yaml`)));
  });

  it("on a terminal, by npm: asks, and takes everything down at Ctrl-C", async () => {
    const stack = "acceptance-terminal";
    const held = aws.hold();
    const terminal = checkout.onTerminal([...NETWORK, "--stack", stack]);
    await terminal.shows(/Type yes to continue: /);
    terminal.type("yes\r");
    await held.reached;
    terminal.type(CTRL_C);
    const { screen } = await terminal.ended.finally(() => held.release());

    assert.match(screen, /Interrupted: what was created is being removed/);
    assert.match(screen, /^interrupted: .*acceptance-terminal\.md$/m);
    assert.match(await reportOf(stack), /^\| teardown \| .* \| passed \|/m);
    assert.doesNotMatch(await stacks(), /acceptance-terminal/);
  });

  describe("before anything is made", () => {
    const created = () =>
      scene()
        .calls()
        .filter(({ method }) => method === "create").length;
    let createdBefore: number;
    beforeEach(() => {
      createdBefore = created();
    });
    afterEach("nothing was made", () => assert.equal(created(), createdBefore));

    it("--dry-run says what would be made, and what it costs", async () => {
      const { code, stderr } = await start("acceptance-dry", ["--dry-run"]).ended;

      assert.equal(code, 0, stderr);
      assert.match(stderr, /In the account 111122223333, region eu-west-1, this creates the stack acceptance-dry/);
      assert.match(stderr, /It usually costs less than 1 US dollar/);
      for (const { id, title } of STEPS) assert.match(stderr, new RegExp(`\\d+\\.\\s+${id} +${title}`));
    });

    it("asks before it costs money, and refuses where nobody can be asked", async () => {
      const { code, stderr } = await start("acceptance-asked", []).ended;

      assert.equal(code, 64);
      assert.match(stderr, /costs money[\s\S]*There is no terminal to confirm this on: add --yes\. Nothing was done\./);
    });

    it("refuses a stack that exists", async () => {
      assert.equal((await scene().pulumi("stack", "init", "acceptance-mine")).code, 0);

      const { code, stderr } = await start("acceptance-mine").ended;

      assert.equal(code, 64);
      assert.match(stderr, /There is a stack acceptance-mine already/);
    });

    it("refuses a checkout with changes", async () => {
      const file = join(checkout.folder, "README.md");
      const text = await readFile(file, "utf8");
      await writeFile(file, `${text}changed`);
      const { code, stderr } = await start("acceptance-dirty").ended.finally(() => writeFile(file, text));

      assert.equal(code, 64);
      assert.match(stderr, /The checkout has changes[\s\S]* M README\.md/);
    });

    it("says what to do where there is no such cluster", async () => {
      const { code, stderr } = await start("acceptance-lost", ["--yes", "--cluster", "gone"]).ended;

      assert.equal(code, 2);
      assert.match(stderr, /There is no cluster gone in eu-west-1.*aws ecs create-cluster/);
    });
  });
});
