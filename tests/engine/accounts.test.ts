import assert from "node:assert/strict";
import {
  AccountMismatch,
  ConfigurationInvalid,
  createEnvironment,
  type EnvironmentEvent,
  OperationFailed,
} from "../../automation";
import { ACCOUNT } from "./support/aws-provider";
import { inlineEnvironment, LEAST, resourcesOf, settingsOf } from "./support/environments";
import { faultyAws } from "./support/faulty-aws";
import { program } from "./support/program";
import { useScene } from "./support/scene";
import { stepsOf } from "./support/steps";

const OTHER = "999988887777";

describe("engine: credentials for another account", function () {
  this.timeout(120_000);
  const credentials = { account: ACCOUNT };
  const aws = faultyAws(undefined, undefined, credentials);
  const scene = useScene({ ...program, packages: [...(program.packages ?? []), aws.provided] });
  const resources = async (stack: string) =>
    (await resourcesOf(scene(), stack)).map(({ urn, id = "" }) => `${urn} ${id}`).sort();

  afterEach(() => {
    credentials.account = ACCOUNT;
  });

  describe("with Pulumi's CLI", () => {
    const STACK = "mine";
    let made: Awaited<ReturnType<typeof resources>>;
    let warned = "";

    before(async () => {
      await scene().project.configure(STACK, () => ({
        "aws:region": "eu-west-1",
        "ecs-image-verification:mode": LEAST.mode,
        "ecs-image-verification:trust": LEAST.trust,
        "ecs-image-verification:protect": true,
      }));
      const run = await scene().run("up", STACK);
      assert.deepEqual([run.code, run.errors], [0, []]);
      made = await resources(STACK);
    });

    for (const command of ["preview", "up"] as const) {
      it(`${command} is refused, with both accounts and what to do, and nothing is made`, async () => {
        credentials.account = OTHER;

        const run = await scene().run(command, STACK);

        assert.notEqual(run.code, 0);
        assert.match(
          run.errors.join("\n"),
          new RegExp(
            `AWS credentials: "${OTHER}" is not the account of this stack, which is ${ACCOUNT}.*AWS_PROFILE`,
            "s",
          ),
        );
        assert.deepEqual(stepsOf(run.steps), []);
        assert.deepEqual(await resources(STACK), made);
      });
    }

    it("each update warns until the file says the account, with the command that does", async () => {
      const { stdout } = await scene().run("up", STACK);

      [, warned = ""] = /Run: (pulumi config set .*aws:allowedAccountIds.*)/.exec(stdout) ?? [];
      assert.match(stdout, /aws:allowedAccountIds: [^\n]*is missing/);
      const args = warned
        .split(" ")
        .slice(1)
        .map((arg) => arg.replaceAll("'", ""));
      assert.equal((await scene().pulumi(...args)).code, 0, warned);
      const again = await scene().run("up", STACK);
      assert.deepEqual([again.code, stepsOf(again.steps)], [0, []]);
      assert.doesNotMatch(again.stdout, /allowedAccountIds/);
    });

    for (const [command, ...flags] of [["up", "--refresh"], ["refresh"], ["destroy"]] as const) {
      it(`${command} ${flags.join(" ")} then changes nothing in the state`, async () => {
        credentials.account = OTHER;

        const run = await scene().run(command, STACK, ...flags);

        assert.notEqual(run.code, 0);
        assert.match(run.errors.join("\n"), new RegExp(`AWS account ID not allowed: ${OTHER}`));
        assert.deepEqual(await resources(STACK), made);
      });
    }

    it("and with the right ones again, nothing is left to do", async () => {
      const run = await scene().run("up", STACK);

      assert.deepEqual([run.code, run.errors, stepsOf(run.steps)], [0, [], []]);
      assert.deepEqual(await resources(STACK), made);
    });

    it("the library does not refresh after such a failure where the provider refuses the account", async () => {
      const environment = await createEnvironment({
        stack: STACK,
        folder: scene().project.folder,
        ...(await settingsOf(scene())),
      });
      credentials.account = OTHER;
      await assert.rejects(environment.deploy(), OperationFailed);
      const events: EnvironmentEvent[] = [];

      await assert.rejects(environment.deploy({ onEvent: (event) => events.push(event) }), OperationFailed);
      await assert.rejects(environment.destroy(), /account of the AWS credentials is not known, so nothing was done/);

      const said = events.flatMap((event) => (event.type === "message" ? [event.message] : []));
      assert.ok(
        said.some((text) => /not refreshed: the account of the AWS credentials is not known.*not allowed/s.test(text)),
        said.join("\n"),
      );
      assert.deepEqual(await resources(STACK), made);
    });
  });

  it("after a first update that failed: refused by the program and the library, and nothing is lost", async () => {
    const environment = await inlineEnvironment(scene(), "first", { protect: true });
    aws.refuse("Lambda says no");
    await assert.rejects(environment.deploy(), OperationFailed);
    aws.refuse(undefined);
    const before = await resources("first");
    assert.notDeepEqual(before, []);
    credentials.account = OTHER;

    await assert.rejects(environment.deploy(), AccountMismatch);
    await assert.rejects(environment.destroy(), AccountMismatch);
    assert.deepEqual(await resources("first"), before);

    credentials.account = ACCOUNT;
    await environment.deploy();
  });

  it("with the library: refused before it refreshes or destroys, and with the right ones nothing is left to do", async () => {
    const environment = await inlineEnvironment(scene(), "inline", { protect: true });
    await environment.deploy();
    const before = await resources("inline");
    credentials.account = OTHER;

    await assert.rejects(environment.deploy(), ConfigurationInvalid);
    for (const operation of ["preview", "deploy", "destroy"] as const) {
      await assert.rejects(environment[operation](), (error) => {
        assert.ok(error instanceof AccountMismatch, String(error));
        assert.deepEqual([error.deployed, error.found, error.fault], [ACCOUNT, OTHER, "input"]);
        return true;
      });
    }
    await assert.rejects(environment.destroy({ unprotect: true }), AccountMismatch);
    assert.deepEqual(await resources("inline"), before);

    credentials.account = ACCOUNT;
    assert.deepEqual(Object.keys((await environment.deploy()).changes), ["same"]);
    assert.deepEqual(await resources("inline"), before);
  });
});
