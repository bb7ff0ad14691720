// ECS is the stand-in of tests/support/fake-ecs.ts, over HTTP: moto 5.2.5 knows no lifecycle hooks.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { type EnvironmentOutputs, parseEnvironmentOutputs } from "../../automation/environments/outputs";
import { detachEverywhere } from "../../cli/gate/detach-everywhere";
import { useFakeEcs } from "../support/fake-ecs";
import { GATE, gateHook, otherHook } from "../support/gate-hooks";
import { clientOf } from "./support/account";
import { type CommandLine, commandLine } from "./support/command-line";

describe("AWS: taking the gate away before an environment is destroyed", () => {
  const ecs = useFakeEcs();
  let cli: CommandLine;
  let outputs: EnvironmentOutputs;
  const names = ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
  const saved = names.map((name) => [name, process.env[name]] as const);
  beforeEach(async () => {
    const address = ecs().url.replace("http://", "");
    const { endpoint, credentials } = clientOf(address);
    process.env.AWS_ENDPOINT_URL = endpoint;
    process.env.AWS_ACCESS_KEY_ID = credentials.accessKeyId;
    process.env.AWS_SECRET_ACCESS_KEY = credentials.secretAccessKey;
    const gate = { gateTargetArn: GATE.targetArn, gateInvokerRoleArn: GATE.roleArn, gateMode: "audit" } as const;
    cli = await commandLine(address, gate);
    const parsed = parseEnvironmentOutputs(JSON.parse(await readFile(cli.outputs, "utf8")));
    assert.ok("outputs" in parsed);
    outputs = parsed.outputs;
  });
  afterEach(async () => {
    for (const [name, value] of saved) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await cli?.close();
  });
  const detach = (changes: Partial<EnvironmentOutputs> = {}, signal = new AbortController().signal) =>
    detachEverywhere({ ...outputs, ...changes }, signal);

  it("leaves no hook of the gate on any service, and is done when there is none", async () => {
    const web = ecs().put("shop", "web", { hooks: [otherHook(), gateHook()] });
    const agent = ecs().put("other", "agent", { hooks: [gateHook()], schedulingStrategy: "DAEMON" });

    await detach({ watchedClusters: ["arn:aws:ecs:eu-west-1:111122223333:cluster/shop"] });
    await detach();

    assert.deepEqual([ecs().hooksOf(web), ecs().hooksOf(agent)], [[otherHook()], []]);
    assert.equal(ecs().updates().length, 2);
  });

  it("fails, and names the service, while one that has the hook is being deployed", async () => {
    ecs().put("shop", "web", { hooks: [gateHook()], deployments: [{ rolloutState: "IN_PROGRESS" }] });

    await assert.rejects(detach(), {
      name: "CommandFailedError",
      message:
        /^These services still have the gate, so nothing was removed:\n {2}left as it is {2}shop\/web {2}it is being deployed/,
    });
  });

  it("is interrupted before all was done, and says how to go on", async () => {
    const web = ecs().put("shop", "web", { hooks: [gateHook()] });

    await assert.rejects(detach({}, AbortSignal.abort()), {
      name: "InterruptedError",
      fault: "cancelled",
      message: /to detach {2}shop\/web\nCall this again, and it goes on with what is left\.$/,
    });
    assert.deepEqual(ecs().hooksOf(web), [gateHook()]);
  });

  it("fails if a call does", async () => {
    ecs().put("shop", "web", { hooks: [gateHook()] });
    ecs().fail(({ operation }) =>
      operation === "UpdateService" ? { type: "AccessDeniedException", message: "no" } : undefined,
    );

    await assert.rejects(detach(), {
      name: "CommandFailedError",
      message: /^Changing the hooks of \S+shop\/web failed/,
    });
  });

  it("does nothing where the environment has no gate", async () => {
    ecs().put("shop", "web", { hooks: [gateHook()] });

    await detach({ gateTargetArn: undefined });

    assert.deepEqual(ecs().calls, []);
  });
});
