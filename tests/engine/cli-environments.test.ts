import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { CLI, type Run, type Running, startCommand } from "../support/running-command";
import { CTRL_C, startOnTerminal } from "../support/terminal";
import { faultyAws } from "./support/faulty-aws";
import { program } from "./support/program";
import { useScene } from "./support/scene";

describe("engine: environments by the command line", function () {
  this.timeout(120_000);
  const aws = faultyAws();
  const scene = useScene({ ...program, packages: [...(program.packages ?? []), aws.provided] });

  const start = (...args: readonly string[]): Running => {
    const { root, variables } = scene().engine;
    const path = [join(root, "bin"), variables.PATH].join(delimiter);
    return startCommand([...args, "--project", scene().project.folder], { ...variables, PATH: path, ...NO_AWS });
  };
  const run = (...args: readonly string[]): Promise<Run> => start(...args).ended;
  const resources = async (stack: string) =>
    (await scene().state(stack)).filter(({ type }) => !type.startsWith("pulumi:"));
  const documents = (stdout: string): readonly Record<string, unknown>[] =>
    stdout
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));

  before(() => scene().project.configure("prod", (old) => ({ ...old, "ecs-image-verification:forceDelete": true })));

  describe("two environments", () => {
    it("preview: says what would be made, and that nothing was", async () => {
      const { code, stdout } = await run("preview", "--stack", "dev");

      assert.equal(code, 0);
      assert.match(stdout, /^ {2}\+ create {2}aws:lambda:Function +image-verification-verifier-function$/m);
      const [, all, components] = /^dev: (\d+) to create \((\d+) components among them\)\.$/m.exec(stdout) ?? [];
      assert.equal(Number(all) - Number(components), stdout.match(/^ {2}\+ create /gm)?.length, stdout);
      assert.deepEqual(await resources("dev"), []);
    });

    it("up without a terminal to ask at: shows the preview, asks for --yes, and makes nothing", async () => {
      const { code, stderr } = await run("up", "--stack", "dev");

      assert.equal(code, 64);
      assert.match(stderr, /dev: \d+ to create[\s\S]*add --yes\. Nothing was done\./);
      assert.deepEqual(await resources("dev"), []);
    });

    it("up: makes them in the order given, with a line for each resource", async () => {
      const { code, stdout, stderr } = await run("up", "--stack", "dev", "--stack", "prod", "--yes");

      assert.equal(code, 0, stderr);
      assert.match(stdout, /^dev: \d+ created \(.*\)\.\nprod: \d+ created \(.*\)\.\n$/);
      assert.match(stderr, /^Changing dev\n[\s\S]*^Changing prod\n/m);
      assert.equal(
        stderr.match(/^ {2}\+ create {2}aws:lambda:Function +image-verification-verifier-function .* \d+\.\d s$/gm)
          ?.length,
        2,
      );
    });

    it("up again: nothing changes", async () => {
      const { code, stdout } = await run("up", "--stack", "dev", "--yes");

      assert.equal(code, 0);
      assert.match(stdout, /^dev: nothing changes, \d+ the same\.$/m);
    });

    it("up after a change, with a preview for programs: says what", async () => {
      await scene().project.configure("dev", (before) => ({ ...before, "ecs-image-verification:mode": "enforce" }));

      const [preview] = documents((await run("preview", "--stack", "dev", "--json")).stdout);
      const [update] = documents((await run("up", "--stack", "dev", "--yes", "--json")).stdout);

      assert.deepEqual(Object.keys(preview ?? {}), ["stack", "changes", "steps", "violations", "error"]);
      assert.deepEqual([update?.stack, update?.error, update?.violations], ["dev", null, []]);
      assert.match(JSON.stringify(update?.changes), /"update":\d/);
      assert.match(JSON.stringify(update?.outputs), /"mode":"enforce"/);
    });

    it("outputs: by name, and as other commands take them", async () => {
      const text = await run("outputs", "--stack", "dev");
      const [dev, prod] = documents((await run("outputs", "--stack", "dev", "--stack", "prod", "--json")).stdout);

      assert.match(text.stdout, /^dev\n {2}environment +dev\n/);
      assert.match(text.stdout, /^ {2}howToSign\n {4}# Replace/m);
      assert.deepEqual([dev?.environment, prod?.environment], ["dev", "prod"]);
      assert.ok(dev?.signedTaskDefinitionArn !== undefined && prod?.signedTaskDefinitionArn === undefined);
    });

    it("outputs are found by the commands on launches, too", async () => {
      const [dev] = documents((await run("outputs", "--stack", "dev", "--json")).stdout);

      const verdicts = await run("verdicts", "--stack", "dev");
      const redrive = await run("redrive", "--stack", "dev", "--dry-run", "--queue", "failure");

      // There is no AWS to ask, but what it would be asked about is that of the stack.
      assert.deepEqual([verdicts.code, redrive.code], [2, 2]);
      assert.ok(verdicts.stderr.includes(`Reading the log group ${dev?.logGroup} failed: `), verdicts.stderr);
      assert.ok(redrive.stderr.includes(String(dev?.failureQueue)), redrive.stderr);
    });

    it("verify: the environment alone says all that is needed, by its stack or by its outputs", async () => {
      const outputs = join(scene().project.folder, "dev-outputs.json");
      await writeFile(outputs, (await run("outputs", "--stack", "dev", "--json")).stdout);

      const byStack = await run("verify", "nginx", "--stack", "dev", "--json");
      const byOutputs = await run("verify", "nginx", "--outputs", outputs, "--json");

      for (const { code, stdout, stderr } of [byStack, byOutputs]) {
        const [verdict] = documents(stdout);
        assert.deepEqual([code, verdict?.code], [1, "registry-not-allowed"], stderr);
        assert.equal(stderr, "With the orders of the moment of dev.\n");
      }
    });

    it("status: of those that are there and of those that are not", async () => {
      await scene().project.configure("later", () => ({ "aws:region": "eu-west-1" }));

      const { code, stdout } = await run("status", "--stack", "prod", "--stack", "later");

      assert.equal(code, 0);
      assert.match(stdout, /^prod: deployed, \d+ resources; last update succeeded at \S+Z \(\d+ created\)$/m);
      assert.match(stdout, /^ {2}Warning: platform-team@example\.com had not confirmed at the last update/m);
      assert.match(stdout, /^later: does not exist$/m);
    });

    it("destroy: asks for the name first, and what is protected is named", async () => {
      const asked = await run("destroy", "--stack", "prod");
      const kept = await run("destroy", "--stack", "prod", "--yes");

      assert.equal(asked.code, 64);
      assert.match(asked.stderr, /removes the \d+ resources of prod\. It cannot be undone\./);
      assert.equal(kept.code, 2);
      assert.match(kept.stderr, /image-verification-ledger-table.*protected/s);
    });

    it("destroy: removes them in the order given", async () => {
      await scene().project.configure("prod", (before) => ({ ...before, "ecs-image-verification:protect": false }));
      assert.equal((await run("up", "--stack", "prod", "--yes")).code, 0);

      const { code, stdout } = await run("destroy", "--stack", "prod", "--stack", "dev", "--yes", "--remove");

      assert.equal(code, 0);
      assert.match(stdout, /^prod: \d+ deleted \(.*\)\.\ndev: \d+ deleted \(.*\)\.\n$/);
      assert.equal((await run("outputs", "--stack", "dev")).code, 64);
    });
  });

  describe("what goes wrong", () => {
    afterEach(() => aws.refuse(undefined));

    it("the first failure is the end, says why, and names what was not begun", async () => {
      aws.refuse("AccessDeniedException: not authorized to perform lambda:CreateFunction");

      const { code, stdout, stderr } = await run("up", "--stack", "dev", "--stack", "prod", "--yes", "--json");

      assert.equal(code, 2);
      assert.match(stderr, /^ {2}\+ create {2}aws:lambda:Function .* {2}failed$/m);
      assert.match(stderr, /^Not started: prod\.$/m);
      assert.match(stderr, /^The deploy of dev failed\.\n {2}image-verification-[a-z-]+-function: .*not authorized/m);
      const [only, ...more] = documents(stdout);
      assert.deepEqual([only?.stack, only?.changes, more], ["dev", null, []]);
      assert.match(JSON.stringify(only?.error), /"type":"OperationFailed"/);
    });

    it("and the next update goes on where it stopped", async () => {
      const { code, stdout, stderr } = await run("up", "--stack", "dev", "--yes");

      assert.equal(code, 0);
      assert.match(
        stderr,
        /^ {2}warning: The last update of dev did not succeed\. The state is refreshed from AWS first/m,
      );
      assert.match(stdout, /^dev: \d+ created \(.*\), \d+ the same\.$/m);
    });

    it("a stack that is mistyped, or given twice", async () => {
      const mistyped = await run("up", "--stack", "deev", "--yes");
      const twice = await run("preview", "--stack", "dev", "--stack", "dev");

      assert.deepEqual([mistyped.code, twice.code], [64, 64]);
      assert.match(mistyped.stderr, /no Pulumi\.deev\.yaml.*there are dev/);
      assert.match(twice.stderr, /--stack dev is given twice/);
    });

    it("a mistake in the stack's file: the key and the fix, and no protocol of Pulumi", async () => {
      await scene().project.configure("broken", () => ({
        "aws:region": "eu-west-1",
        "ecs-image-verification:mode": "block",
      }));

      const { code, stderr } = await run("preview", "--stack", "broken");

      assert.equal(code, 64);
      assert.match(stderr, /ecs-image-verification:mode: "block" must be/);
      assert.doesNotMatch(stderr, /Diagnostics|error:|\n +at /);
    });

    it("no Pulumi on the PATH: says where to get it", async () => {
      const { variables } = scene().engine;

      const { code, stderr } = await startCommand(["status", "--stack", "dev", "--project", scene().project.folder], {
        ...variables,
        PATH: scene().project.folder,
      }).ended;

      assert.equal(code, 2);
      assert.match(stderr, /^The Pulumi CLI was not found on the PATH\. Install it: /);
    });

    it("a policy is violated: 1, with the policy, the resource and why", async () => {
      // Without its configuration the pack asks of dev what it asks of prod.
      const { code, stderr } = await run("preview", "--stack", "dev", "--policy-pack", "policy");

      assert.equal(code, 1, stderr);
      assert.match(stderr, /^dev violates a mandatory policy\.$/m);
      assert.match(
        stderr,
        /^verifier-resources: image-verification-verifier-function: [\s\S]*reservedConcurrentExecutions/m,
      );
    });
  });

  describe("in the middle of an update", () => {
    it("a second one ends with 75 and does not disturb the first", async () => {
      const held = aws.hold();
      await scene().project.configure("contended", () => developing);
      const first = start("up", "--stack", "contended", "--yes");
      await held.reached;

      const second = await run("up", "--stack", "contended", "--yes");

      assert.equal(second.code, 75);
      assert.match(second.stderr, /Another update of contended is in progress \(by .* \(pid \d+\)/);
      held.release();
      assert.equal((await first.ended).code, 0);
    });

    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      it(`${signal}: the providers are asked to stop, 130, and the next update goes on`, async () => {
        const stack = signal.toLowerCase();
        await scene().project.configure(stack, () => developing);
        const held = aws.hold();
        const update = start("up", "--stack", stack, "--yes");
        await held.reached;

        update.signal(signal);
        await update.says("stderr", /^Cancelling: providers are asked to stop/m);

        const { code, stderr } = await update.ended;
        assert.equal(code, 130, stderr);
        assert.match(stderr, new RegExp(`The deploy of ${stack} was cancelled\\.`));
        const made = (await resources(stack)).map(({ type }) => type);
        assert.ok(!made.includes("aws:lambda/function:Function"));
        assert.ok(!made.includes("aws:cloudwatch/eventTarget:EventTarget"));
        assert.match((await run("up", "--stack", stack, "--yes")).stdout, /\d+ created \(.*\), \d+ the same/);
      });
    }
  });
  describe("on a terminal", () => {
    const onTerminal = (...args: readonly string[]) => {
      const { root, variables } = scene().engine;
      const path = [join(root, "bin"), variables.PATH].join(delimiter);
      const command = [process.execPath, CLI, ...args, "--project", scene().project.folder];
      return startOnTerminal(command, { ...variables, PATH: path, TERM: "xterm", NO_COLOR: "1" });
    };
    before(async () => scene().project.configure("tty", () => developing));

    it("another answer than the one asked for: nothing is done", async () => {
      const update = onTerminal("up", "--stack", "tty");
      await update.shows(/tty: \d+ to create.*\.\n.*Change tty\?\n.*Type yes to continue: /s);

      update.type("y\n");

      const { code, screen } = await update.ended;
      assert.equal(code, 64);
      assert.match(screen, /The answer did not match\. Nothing was done\./);
      assert.deepEqual(await resources("tty"), []);
    });

    it("Ctrl-C, which Pulumi hears as well: it is cancelled once, and the providers are asked to stop", async () => {
      const held = aws.hold();
      const update = onTerminal("up", "--stack", "tty");
      await update.shows(/Type yes to continue: /);
      update.type("yes\n");
      await held.reached;
      await update.shows(/… .*image-verification-verifier-function/);

      update.type(CTRL_C);
      await update.shows(/^Cancelling: /m);

      const { code, screen } = await update.ended;
      assert.equal(code, 130, screen);
      assert.match(screen, /The deploy of tty was cancelled\. The providers were asked to stop/);
      assert.ok(!(await resources("tty")).some(({ type }) => type === "aws:lambda/function:Function"));
      assert.match((await run("up", "--stack", "tty", "--yes")).stdout, /\d+ created \(.*\), \d+ the same/);
    });
  });
});

/** Nobody's credentials, for an address where nobody is. */
const NO_AWS = {
  AWS_ENDPOINT_URL: "http://127.0.0.1:1",
  AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: "made-up",
};

const developing = {
  "aws:region": "eu-west-1",
  "ecs-image-verification:mode": "audit",
  "ecs-image-verification:trust": {
    registries: ["self"],
    statements: [{ name: "release", repositories: ["*"], identities: ["self"] }],
  },
};
