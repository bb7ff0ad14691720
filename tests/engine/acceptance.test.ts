import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ListQueuesCommand } from "@aws-sdk/client-sqs";
import { STEPS } from "../../acceptance/steps";
import type { Running } from "../support/running-command";
import { PASSED, resultsIn, useAcceptance } from "./support/acceptance-scene";

describe("engine: npm run acceptance", function () {
  this.timeout(300_000);
  const run = useAcceptance();
  const { scene, start, stacks, reportOf, folders, played } = run;

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

      assert.equal(running.stdout, `passed: ${join(run.checkout.folder, `${stack}.md`)}\n`);
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
      const { QueueUrls = [] } = await run.sqs.send(new ListQueuesCommand({}));

      assert.doesNotMatch(await stacks(), /acceptance-well/);
      assert.ok(!existsSync(join(run.checkout.folder, `Pulumi.${stack}.yaml`)));
      assert.deepEqual(QueueUrls, []);
      assert.deepEqual(run.ecs.list(), []);
      assert.deepEqual(await folders(), []);
    });
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
      const file = join(run.checkout.folder, "README.md");
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
