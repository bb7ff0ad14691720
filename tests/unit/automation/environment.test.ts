import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ConcurrentUpdate,
  ConfigurationInvalid,
  createEnvironment,
  EnvironmentNotFound,
  type InlineSettings,
  OperationCancelled,
  OperationFailed,
} from "../../../automation";
import { type Answer, type Call, fakePulumi } from "./fake-pulumi";

const WEBHOOK = "https://hooks.slack.com/services/T000/B000/not-for-anybody";

const inline = {
  stack: "dev",
  region: "eu-west-1",
  configuration: {
    mode: "audit",
    trust: { registries: ["self"], statements: [{ name: "all", repositories: ["*"], identities: ["self"] }] },
    slackWebhookUrl: WEBHOOK,
    notifications: { slack: {} },
  },
} satisfies InlineSettings;

const asks =
  (...words: readonly string[]) =>
  ({ args }: Call) =>
    words.every((word, index) => args[index] === word);

describe("automation: an environment", () => {
  const inlineWith = async (answer: (call: Call) => Answer) => {
    const pulumi = fakePulumi(answer);
    return { environment: await createEnvironment({ ...inline, pulumi: pulumi.command }), calls: pulumi.calls };
  };
  const failing = (command: string, stderr: string) =>
    inlineWith((call) => (asks(command)(call) ? { stderr } : { stdout: "{}" }));

  describe("what goes wrong", () => {
    it("a backend of files that is locked: ConcurrentUpdate, with who holds the lock", async () => {
      const lock =
        "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n" +
        "  file:///state/.pulumi/locks/x.json: created by ada@build-7 (pid 4711) at 2026-06-15T12:00:00Z";
      const { environment } = await failing("up", lock);

      await assert.rejects(environment.deploy(), (error) => {
        assert.ok(error instanceof ConcurrentUpdate);
        assert.deepEqual(error.holders, ["by ada@build-7 (pid 4711) at 2026-06-15T12:00:00Z"]);
        assert.match(error.message, /ada@build-7.*pulumi cancel --stack dev/);
        return true;
      });
    });

    it("Pulumi Cloud's conflict: ConcurrentUpdate, with nobody named", async () => {
      const { environment } = await failing("up", "error: [409] Conflict: Another update is currently in progress.");

      await assert.rejects(environment.deploy(), (error) => {
        assert.ok(error instanceof ConcurrentUpdate);
        assert.deepEqual(error.holders, []);
        return true;
      });
    });

    for (const method of ["outputs", "destroy"] as const) {
      it(`${method} of a stack that is not there: EnvironmentNotFound`, async () => {
        const { environment } = await inlineWith(() => ({ stderr: "error: no stack named 'dev' found" }));

        await assert.rejects(environment[method](), EnvironmentNotFound);
      });
    }

    it("outputs of a stack to which nothing was deployed: EnvironmentNotFound", async () => {
      const { environment } = await inlineWith(() => ({ stdout: "{}" }));

      await assert.rejects(environment.outputs(), EnvironmentNotFound);
    });

    it("outputs of an earlier version: OperationFailed with what is missing", async () => {
      const { environment } = await inlineWith(() => ({ stdout: JSON.stringify({ registry: "registry" }) }));

      await assert.rejects(environment.outputs(), (error) => {
        assert.ok(error instanceof OperationFailed);
        assert.match(error.message, /deploy it again\.\n {2}environment: .*\n.*ledgerTable: /s);
        return true;
      });
    });

    it("anything else: OperationFailed with what the CLI says, and not how it was called", async () => {
      const said = "passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE";
      const { environment } = await inlineWith(() => ({ stderr: `a lot of output\nerror: ${said}\n` }));

      await assert.rejects(environment.preview(), (error) => {
        assert.ok(error instanceof OperationFailed);
        assert.deepEqual([error.operation, error.failures], ["preview", [{ message: said }]]);
        assert.equal(error.message, `The preview of dev failed.\n  ${said}`);
        return true;
      });
    });

    it("an error that is not Pulumi's stays as it is", async () => {
      const { environment } = await inlineWith(() => {
        throw new RangeError("a mistake in the tool");
      });

      await assert.rejects(environment.preview(), RangeError);
    });
  });

  describe("cancellation", () => {
    it("before the start: nothing is asked of the engine", async () => {
      const { environment, calls } = await inlineWith(() => ({ stdout: "{}" }));

      await assert.rejects(environment.deploy({ signal: AbortSignal.abort() }), OperationCancelled);

      assert.deepEqual(calls.filter(asks("up")), []);
    });

    it("between the choice of the stack and the start of the engine: the same", async () => {
      const controller = new AbortController();
      const { environment, calls } = await inlineWith((call) => {
        if (asks("stack", "select")(call)) controller.abort();
        return { stdout: "{}" };
      });

      await assert.rejects(environment.deploy({ signal: controller.signal }), OperationCancelled);

      assert.deepEqual(calls.filter(asks("up")), []);
    });
  });

  describe("inline", () => {
    it("writes no secret on a command line, in a variable or in a file", async () => {
      const written: string[] = [];
      const { environment, calls } = await inlineWith((call) => {
        written.push(...textsIn(call.folder));
        return asks("up")(call) ? { stderr: "error: enough" } : { stdout: "{}" };
      });

      await assert.rejects(environment.deploy(), OperationFailed);

      assert.ok(calls.some(asks("up")) && written.some((text) => text.includes("eu-west-1")));
      assert.doesNotMatch(JSON.stringify([calls, written]), /not-for-anybody/);
    });

    it("leaves no folder behind, also when it fails", async () => {
      const { environment, calls } = await inlineWith(() => ({ stderr: "error: enough" }));

      await environment.preview().catch(() => undefined);

      const [call] = calls;
      assert.ok(call);
      await assert.rejects(readdir(call.folder), { code: "ENOENT" });
    });

    it("hands the variables to the CLI", async () => {
      const pulumi = fakePulumi(() => ({ stdout: "[]" }));
      const variables = { PULUMI_BACKEND_URL: "file:///state" };
      const environment = await createEnvironment({ ...inline, variables, pulumi: pulumi.command });

      await environment.status();

      assert.ok(pulumi.calls.every(({ environment }) => environment.PULUMI_BACKEND_URL === "file:///state"));
    });
  });

  describe("of a project folder", () => {
    let folder: string;

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), "project-"));
    });
    afterEach(() => rm(folder, { recursive: true }));

    const project = async (...files: readonly string[]) => {
      for (const file of files) await writeFile(join(folder, file), "name: ecs-image-verification\nruntime: nodejs\n");
    };

    it("without a project: ConfigurationInvalid", async () => {
      await assert.rejects(createEnvironment({ stack: "dev", folder }), (error) => {
        assert.ok(error instanceof ConfigurationInvalid);
        assert.match(error.message, /no Pulumi\.yaml/);
        return true;
      });
    });

    it("whose name is mistyped: ConfigurationInvalid with those that there are, and no stack is made", async () => {
      await project("Pulumi.yaml", "Pulumi.prod.yaml", "Pulumi.dev.yaml");

      await assert.rejects(createEnvironment({ stack: "deev", folder }), (error) => {
        assert.ok(error instanceof ConfigurationInvalid);
        assert.match(error.message, /no Pulumi\.deev\.yaml.*there are dev, prod\./);
        return true;
      });
    });

    it("is removed without the stack's file, which may be wanted again", async () => {
      await project("Pulumi.yaml", "Pulumi.dev.yaml");
      const pulumi = fakePulumi(({ args }) => ({ stdout: args[1] === "history" ? "[{}]" : "{}" }));
      const environment = await createEnvironment({ stack: "dev", folder, pulumi: pulumi.command });

      await environment.destroy({ remove: true });

      const [removal] = pulumi.calls.filter(asks("stack", "rm"));
      assert.ok(removal?.args.includes("--preserve-config"), removal?.args.join(" "));
    });

    it("takes a stack with its organization by the last part of the name", async () => {
      await project("Pulumi.yaml", "Pulumi.dev.yaml");

      const environment = await createEnvironment({
        stack: "acme/ecs-image-verification/dev",
        folder,
        pulumi: fakePulumi(() => ({ stdout: "" })).command,
      });

      assert.equal(environment.stack, "acme/ecs-image-verification/dev");
    });
  });

  it("says that there is none yet, and makes none by asking", async () => {
    const { environment, calls } = await inlineWith(() => ({ stdout: "[]" }));

    const status = await environment.status();

    assert.deepEqual(status, { state: "absent", resources: 0 });
    assert.deepEqual(
      calls.map(({ args }) => args.slice(0, 2)),
      [["stack", "ls"]],
    );
  });
});

function textsIn(folder: string): readonly string[] {
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
}
