import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { CTRL_C } from "../support/terminal";
import { NETWORK, PASSED, resultsIn, useAcceptance } from "./support/acceptance-scene";

describe("engine: npm run acceptance, where something fails", function () {
  this.timeout(300_000);
  const run = useAcceptance();
  const { aws, start, stacks, reportOf, nameOf, played } = run;

  it("after steps that failed: goes on with what does not need them, takes everything down, and answers 1", async () => {
    const stack = "acceptance-refused";
    const url = "https://hooks.slack.com/services/T000/B000/made-up";
    const file = join(run.checkout.folder, `Pulumi.${stack}.yaml`);
    const { code, stderr, written } = await played(stack, async () => {
      const running = start(stack, ["--yes"], { SLACK_WEBHOOK_URL: url, ALSO_IN_CLONE: "echo >> verifier/Dockerfile" });
      await running.says("stderr", /\d\/\d Look for the message on the unsigned sample/);
      const QueueUrl = `https://run.sqs.eu-west-1.amazonaws.com/111122223333/${nameOf("aws:sqs/queue:Queue", "undelivered")}`;
      await run.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "EventBridge could not hand it over" }));
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
    assert.deepEqual(run.ecs.list(), []);
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

    const file = join(run.checkout.folder, `Pulumi.${stack}.yaml`);
    const byHand = `bin/ecs-image-verification destroy --stack ${stack} --remove --yes && rm ${file}`;
    assert.equal(code, 1, stderr);
    assert.ok(stderr.trimEnd().endsWith(byHand), stderr);
    assert.ok((await reportOf(stack)).includes(`To remove it: \`${byHand}\``));
    assert.ok(existsSync(file));
    // What it says does remove it.
    const destroyed = await run.checkout.run(byHand);
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
    assert.ok(!existsSync(join(run.checkout.folder, `Pulumi.${stack}.yaml`)));
  });

  it("on a terminal, by npm: asks, and takes everything down at Ctrl-C", async () => {
    const stack = "acceptance-terminal";
    const held = aws.hold();
    const terminal = run.checkout.onTerminal([...NETWORK, "--stack", stack]);
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
});
