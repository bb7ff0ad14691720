import assert from "node:assert/strict";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateServiceCommand,
  DeleteServiceCommand,
  type DeploymentLifecycleHook,
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  InvalidParameterException,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  type ServiceDeployment,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { ZodError } from "zod";
import { awsClients } from "../../../acceptance/aws";
import type { Context } from "../../../acceptance/context";
import { madeThings } from "../../../acceptance/made";
import { gateStep } from "../../../acceptance/steps/gate";
import { formatCallLine } from "../../../verifier/src/gate/call-line";
import { toDeploymentRecord } from "../../../verifier/src/gate/deployment-record";
import { testClock } from "../../support/clock";
import { loggedInLambda } from "../../support/lambda-line";

const arn = (kind: string, name: string) => `arn:aws:ecs:eu-west-1:111122223333:${kind}/${name}`;
const CLUSTER = arn("cluster", "demo");
const SIGNED = arn("task-definition", "sample-signed:1");
const UNSIGNED = arn("task-definition", "sample-unsigned:1");
const OUTPUTS = {
  gateTargetArn: "arn:aws:lambda:eu-west-1:111122223333:function:gate:live",
  gateInvokerRoleArn: "arn:aws:iam::111122223333:role/invoker",
  gateLogGroup: "/gate",
  gateMode: "enforce",
  signedTaskDefinitionArn: SIGNED,
  unsignedTaskDefinitionArn: UNSIGNED,
};
const STAGES = ["PRE_SCALE_UP", "POST_SCALE_UP"];

/** How the ECS of these tests differs from one that works with the gate. */
interface Faults {
  /** Stages at which it asks the gate. Default: both. */
  readonly stages?: readonly string[];
  /** What becomes of the unsigned sample's deployment. Default: it is rolled back. */
  readonly unsignedEnds?: NonNullable<ServiceDeployment["status"]>;
  readonly unsignedTasks?: number;
  readonly refusesTimeouts?: boolean;
  readonly deploysForHooks?: boolean;
}

/** A made-up ECS with one service, and the log that its gate would write: moto has no service deployments. */
function playEcs(now: () => number, faults: Faults) {
  const { stages = STAGES, unsignedEnds = "ROLLBACK_SUCCESSFUL", unsignedTasks = 0 } = faults;
  const deployments: ServiceDeployment[] = [];
  const lines: string[] = [];
  let hooks: readonly DeploymentLifecycleHook[] = [];
  const removed: string[] = [];

  function deploy(name: string, taskDefinition: string): void {
    const isSigned = taskDefinition === SIGNED;
    const serviceDeploymentArn = arn("service-deployment", `demo/${name}/${deployments.length}`);
    const status = isSigned ? "SUCCESSFUL" : unsignedEnds;
    const createdAt = new Date(now() + deployments.length);
    const ended = { createdAt, finishedAt: new Date(createdAt.getTime() + 4000), statusReason: "hook(s) failed" };
    deployments.push({ serviceDeploymentArn, status, ...ended });
    if (hooks.length === 0) return;
    for (const stage of isSigned ? stages : stages.slice(0, 1)) {
      lines.push(callOf(stage, serviceDeploymentArn, name));
    }
    // The gate records the same verdict once.
    for (const stage of stages.slice(0, 1)) lines.push(lineOf(stage, serviceDeploymentArn, name, taskDefinition));
  }

  function answer(command: unknown): object {
    if (command instanceof CreateServiceCommand) {
      const { serviceName = "", taskDefinition = "", deploymentConfiguration } = command.input;
      hooks = deploymentConfiguration?.lifecycleHooks ?? [];
      deploy(serviceName, taskDefinition);
      return { service: { serviceArn: arn("service", `demo/${serviceName}`) } };
    }
    if (command instanceof UpdateServiceCommand) {
      const { service = "", taskDefinition, deploymentConfiguration } = command.input;
      const next = deploymentConfiguration?.lifecycleHooks;
      if (faults.refusesTimeouts && next?.some((hook) => hook.timeoutConfiguration !== undefined)) {
        throw new InvalidParameterException({ message: "timeoutConfiguration is for PAUSE", $metadata: {} });
      }
      hooks = next ?? hooks;
      if (taskDefinition !== undefined) deploy(service, taskDefinition);
      else if (faults.deploysForHooks) deploy(service, SIGNED);
      return {};
    }
    if (command instanceof DescribeServicesCommand) {
      const [serviceName] = command.input.services ?? [];
      return { services: [{ serviceName, deploymentConfiguration: { lifecycleHooks: hooks } }] };
    }
    if (command instanceof ListServiceDeploymentsCommand) return { serviceDeployments: deployments };
    if (command instanceof DescribeServiceDeploymentsCommand) {
      const asked = command.input.serviceDeploymentArns ?? [];
      return {
        serviceDeployments: deployments.filter(({ serviceDeploymentArn = "" }) => asked.includes(serviceDeploymentArn)),
      };
    }
    if (command instanceof ListTasksCommand) {
      if (command.input.family !== undefined) {
        throw new InvalidParameterException({ message: "cannot specify serviceName with family", $metadata: {} });
      }
      const stopped = Array<string>(unsignedTasks).fill("unsigned");
      return { taskArns: command.input.desiredStatus === "STOPPED" ? stopped : ["signed"] };
    }
    if (command instanceof DescribeTasksCommand) {
      const taskDefinitionOf = (task: string) => (task === "signed" ? SIGNED : UNSIGNED);
      return { tasks: command.input.tasks?.map((task) => ({ taskDefinitionArn: taskDefinitionOf(task) })) };
    }
    if (command instanceof DeleteServiceCommand) {
      assert.deepEqual(hooks, [], "The gate's guard refuses while a service has the hook.");
      removed.push(command.input.service ?? "");
      return {};
    }
    assert.ok(command instanceof FilterLogEventsCommand);
    return { events: lines.map((message, index) => ({ eventId: String(index), timestamp: index, message })) };
  }
  const send = async (command: unknown) => answer(command);
  return { send, removed, hooks: () => hooks };
}

function callOf(stage: string, deploymentArn: string, service: string): string {
  const revision = arn("service-revision", `demo/${service}/1`);
  const executionDetails = {
    serviceArn: arn("service", `demo/${service}`),
    targetServiceRevisionArn: revision,
  };
  const call = { resourceArn: deploymentArn, lifecycleStage: stage, executionDetails, hookDetails: {} };
  return loggedInLambda(formatCallLine(call));
}

function lineOf(stage: string, deploymentArn: string, service: string, taskDefinitionArn: string): string {
  const isSigned = taskDefinitionArn === SIGNED;
  const record = toDeploymentRecord(
    {
      container: "sample",
      verdict: {
        ...(isSigned
          ? ({ status: "trusted", code: "signature-valid" } as const)
          : ({ status: "denied", code: "no-signature" } as const)),
        detail: "",
        reference: "registry.example.com/sample",
        digest: `sha256:${"ab".repeat(32)}`,
        provisional: false,
        milliseconds: 1,
      },
    },
    {
      environment: "acceptance",
      call: {
        stage,
        deploymentArn,
        serviceArn: arn("service", `demo/${service}`),
        serviceName: service,
        clusterArn: CLUSTER,
        revisionArn: arn("service-revision", `demo/${service}/1`),
        hookDetails: undefined,
      },
      taskDefinitionArn,
      mode: "enforce",
      outcome: isSigned ? "none" : "refused",
      now: new Date("2026-06-15T12:00:00Z"),
    },
  );
  return JSON.stringify({ level: "INFO", message: "Image Verdict", verdict: record });
}

describe("acceptance: the step with the gate", () => {
  function play(faults: Faults = {}, outputs: object = OUTPUTS) {
    const clock = testClock(new Date("2026-06-15T12:00:00Z"));
    const ecs = playEcs(clock.now, faults);
    const clients = awsClients("eu-west-1");
    for (const client of [clients.ecs, clients.logs]) Object.assign(client, { send: ecs.send });
    const made = madeThings();
    // What the step does not use is not there.
    const context = {
      place: { account: "111122223333", region: "eu-west-1", cluster: CLUSTER },
      settings: { stack: "acceptance-1a2b3c", folder: "." },
      options: { subnet: ["subnet-1"], publicIp: true, launchType: "FARGATE" },
      clients,
      made,
      signal: new AbortController().signal,
      note: () => {},
      found: { outputs },
    } as unknown as Context;
    const step = gateStep({ now: clock.now, pause: clock.pass });
    return { ...ecs, made, run: () => step.run(context) };
  }

  it("passes where ECS asks the gate and rolls the unsigned sample back, and says what was seen", async () => {
    const { run, hooks } = play();

    const { text, assumptions } = await run();

    assert.match(text, /rolled back after 4 s without a task; ECS says "hook\(s\) failed"\./);
    assert.match(
      text,
      /ECS asked at PRE_SCALE_UP and POST_SCALE_UP\. PRE_SCALE_UP: trusted, signature-valid \(by digest, /,
    );
    assert.match(text, /PRE_SCALE_UP: denied, no-signature \(by digest, sha256:.*\), refused\./);
    assert.match(
      assumptions["gate-timeout-configuration"] ?? "",
      /took it, and shows .*"timeoutInMinutes":15.*CONTINUE/,
    );
    assert.match(assumptions["gate-post-scale-up"] ?? "", /was asked at POST_SCALE_UP/);
    assert.deepEqual(
      hooks().map(({ hookTargetArn, lifecycleStages, timeoutConfiguration }) => [
        hookTargetArn,
        lifecycleStages,
        timeoutConfiguration,
      ]),
      [[OUTPUTS.gateTargetArn, STAGES, undefined]],
    );
  });

  it("removes the service, and its hook before it", async () => {
    const { run, made, removed } = play();
    await run();

    assert.deepEqual(await made.removeAll(), []);

    assert.deepEqual(removed, ["acceptance-1a2b3c-gated"]);
  });

  it("reports what ECS does not do, where the gate works without it", async () => {
    const { run } = play({ stages: ["PRE_SCALE_UP"], refusesTimeouts: true });

    const { assumptions } = await run();

    assert.match(assumptions["gate-post-scale-up"] ?? "", /^Not seen: no call at POST_SCALE_UP within 180 s\.$/);
    assert.match(assumptions["gate-timeout-configuration"] ?? "", /^ECS refused it: .*is for PAUSE/);
  });

  const failures: readonly (readonly [string, Faults, RegExp])[] = [
    ["ECS does not ask the gate", { stages: [] }, /did not ask the gate before the first deployment/],
    ["the unsigned sample is deployed", { unsignedEnds: "SUCCESSFUL" }, /should be ROLLBACK_SUCCESSFUL, and is SUCC/],
    ["a task of it was started", { unsignedTasks: 1 }, /started 1 tasks of the unsigned sample/],
    ["changing the hooks starts a deployment", { deploysForHooks: true }, /Changing the hooks .* started arn:/],
    ["a deployment does not end", { unsignedEnds: "IN_PROGRESS" }, /After 10 min arn:.* is IN_PROGRESS/],
  ];
  for (const [name, faults, says] of failures) {
    it(`fails where ${name}`, async () => {
      await assert.rejects(play(faults).run(), says);
    });
  }

  for (const [name, outputs] of [
    ["no gate", {}],
    ["a gate in audit", { ...OUTPUTS, gateMode: "audit" }],
  ] as const) {
    it(`fails in an environment with ${name}, and creates nothing`, async () => {
      const { run, made } = play({}, outputs);

      await assert.rejects(run(), ZodError);

      assert.deepEqual(made.left(), []);
    });
  }
});
