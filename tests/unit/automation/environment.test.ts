import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import {
  ConcurrentUpdate,
  ConfigurationInvalid,
  createEnvironment,
  EnvironmentNotFound,
  type InlineSettings,
  OperationCancelled,
  OperationFailed,
  PulumiUnavailable,
} from "../../../automation";
import { MINIMAL_PULUMI } from "../../../automation/environments/minimal-pulumi";
import { pulumiCli } from "../../../build/go";
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
        assert.match(error.message, /ada@build-7.*pulumi cancel --stack dev$/);
        return true;
      });
    });

    it("a lock that was left behind: the way to release it has the stack's full name, which works in any folder", async () => {
      const fullName = "acme/ecs-image-verification/dev";
      const { environment } = await inlineWith(({ args, environment: variables }) => {
        if (args[0] === "up") return { stderr: "error: [409] Conflict: Another update is currently in progress." };
        if (args[1] !== "ls") return { stdout: "{}" };
        const name = variables.PULUMI_OPTION_FULLY_QUALIFY_STACK_NAMES === "true" ? fullName : "dev";
        return { stdout: JSON.stringify([{ name: "acme/else/dev" }, { name, current: true }]) };
      });

      await assert.rejects(environment.deploy(), new RegExp(`pulumi cancel --stack ${fullName}$`));
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
        assert.match(error.message, /deploy it again\.\n {2}environment is missing\n.*ledgerTable is missing/s);
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

    it("each line of the CLI is shown once, though the Automation API hands it on twice", async () => {
      const { environment } = await failing("preview", "error: could not decrypt\nerror: wrong passphrase");

      await assert.rejects(environment.preview(), {
        message: "The preview of dev failed.\n  could not decrypt\nwrong passphrase",
      });
    });

    it("a CLI that is too old: PulumiUnavailable with the version that is needed, and it is asked for nothing", async () => {
      const pulumi = fakePulumi(() => ({ stdout: "{}" }), "3.91.0");

      await assert.rejects(createEnvironment({ ...inline, pulumi: pulumi.command }), (error) => {
        assert.ok(error instanceof PulumiUnavailable);
        assert.match(error.message, /CLI is 3\.91\.0: 3\.\d+\.0 or newer is needed/);
        return true;
      });
      assert.deepEqual(pulumi.calls, []);
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

    it("is destroyed with what is protected: by a deployment of a copy of its file before", async () => {
      await project("Pulumi.yaml");
      const file = join(folder, "Pulumi.dev.yaml");
      const protectedFile =
        "encryptionsalt: v1:x\nconfig:\n  ecs-image-verification:protect: true\n  aws:region: eu-west-1\n";
      await writeFile(file, protectedFile);
      const deployed: { file: string; settings: unknown }[] = [];
      const pulumi = fakePulumi(({ args }) => {
        const copy = args[args.indexOf("--config-file") + 1];
        if (args[0] === "up" && copy) deployed.push({ file: copy, settings: parse(readFileSync(copy, "utf8")) });
        return { stdout: args[1] === "history" ? '[{"result":"succeeded"}]' : "{}" };
      });
      const environment = await createEnvironment({ stack: "dev", folder, pulumi: pulumi.command });

      await environment.destroy({ unprotect: true });

      const prefix = "ecs-image-verification";
      const config = { "aws:region": "eu-west-1", [`${prefix}:protect`]: false, [`${prefix}:forceDelete`]: true };
      assert.deepEqual(deployed[0]?.settings, { encryptionsalt: "v1:x", config });
      const order = pulumi.calls.map(({ args }) => args[0]).filter((name) => name === "up" || name === "destroy");
      assert.deepEqual(order, ["up", "destroy"]);
      assert.equal(await readFile(file, "utf8"), protectedFile);
      await assert.rejects(readFile(deployed[0]?.file ?? ""), { code: "ENOENT" });
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
    const { environment, calls } = await inlineWith(() => ({ stderr: "error: no stack named 'dev' found" }));

    const status = await environment.status();

    assert.deepEqual(status, { state: "absent", resources: 0 });
    assert.deepEqual(
      calls.map(({ args }) => args.slice(0, 2)),
      [["stack", "select"]],
    );
  });

  it("has the status of its own stack, also where the list has others of that name or shortens it", async () => {
    const pulumi = fakePulumi(({ args, environment }) => {
      if (args[1] === "history") return { stdout: "[]" };
      if (args[1] === "output") return { stdout: "{}" };
      if (args[1] !== "ls") return { stdout: "" };
      const current = environment.PULUMI_STACK === "acme/ecs-image-verification/dev";
      return {
        stdout: JSON.stringify([
          { name: "other/dev", current: false, resourceCount: 3 },
          { name: "dev", current, resourceCount: 47 },
        ]),
      };
    });
    const stack = "acme/ecs-image-verification/dev";
    const environment = await createEnvironment({ ...inline, stack, pulumi: pulumi.command });

    assert.deepEqual(await environment.status(), { state: "deployed", resources: 47 });
  });

  it("asks for the same version of the CLI as the project does, which is the one that the tests run", async () => {
    const project = parse(await readFile(join(__dirname, "../../../Pulumi.yaml"), "utf8"));

    assert.equal(project.requiredPulumiVersion, `>=${MINIMAL_PULUMI}`);
    assert.match(pulumiCli.ldflags ?? "", new RegExp(`Version=v${MINIMAL_PULUMI.replaceAll(".", "\\.")}$`));
  });
});

function textsIn(folder: string): readonly string[] {
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
}
