import assert from "node:assert/strict";
import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  type ServiceDeploymentStatus,
  type ServiceRevision,
} from "@aws-sdk/client-ecs";
import { mockClient } from "aws-sdk-client-mock";
import { parseHookCall } from "../../../../verifier/src/gate/call";
import { readServiceDeployment, readWasDeployed } from "../../../../verifier/src/gate/service-deployment";
import { readTarget } from "../../../../verifier/src/gate/target";
import {
  CLUSTER,
  DEPLOYMENT,
  hookCall,
  REVISION,
  RUNNING_REVISION,
  SERVICE,
  TASK_DEFINITION,
} from "../../../support/gate";
import { DIGEST } from "../../../support/launch-events";

describe("a call of ECS", () => {
  it("is read in both forms", () => {
    const { executionDetails, ...rest } = hookCall();

    assert.deepEqual(parseHookCall({ ...rest, ...executionDetails }), parseHookCall(hookCall()));
    assert.equal((parseHookCall(hookCall()) as { serviceArn: string }).serviceArn, SERVICE);
  });

  it("needs no details: the hook of the gate has none", () => {
    const { hookDetails: _, ...rest } = hookCall();

    assert.deepEqual(parseHookCall(rest), { ...parseHookCall(hookCall()), hookDetails: undefined });
  });

  it("finds stage and deployment in a call that cannot be read, with or without details", () => {
    for (const details of [{}, { hookDetails: {} }]) {
      const call = parseHookCall({ lifecycleStage: "PRE_SCALE_UP", resourceArn: DEPLOYMENT, ...details });

      assert.ok("problem" in call);
      assert.deepEqual([call.stage, call.deployment], ["PRE_SCALE_UP", DEPLOYMENT]);
    }
  });

  for (const [what, changes] of [
    ["without a target revision", { executionDetails: {} }],
    ["about another service than its revision", { resourceArn: DEPLOYMENT.replace("checkout", "billing") }],
    ["without a stage", { lifecycleStage: undefined }],
    ["with an ARN of something else", { resourceArn: TASK_DEFINITION }],
  ] as const) {
    it(`cannot be read ${what}`, () => {
      assert.ok("problem" in parseHookCall(hookCall("PRE_SCALE_UP", changes)));
    });
  }

  it("names the cluster and the service", () => {
    const call = parseHookCall(hookCall());

    assert.ok(!("problem" in call));
    assert.deepEqual([call.clusterArn, call.serviceName], [CLUSTER, "checkout"]);
  });
});

describe("what a deployment deploys", () => {
  const client = new ECSClient({ region: "eu-west-1" });
  const ecs = mockClient(client);
  beforeEach(() => ecs.reset());
  const answer = (
    revision: Partial<ServiceRevision>,
    containers = [{ name: "web", image: "registry.example.com/app:v1" }],
  ) => {
    ecs
      .on(DescribeServiceRevisionsCommand)
      .resolves({ serviceRevisions: [{ serviceRevisionArn: REVISION, taskDefinition: TASK_DEFINITION, ...revision }] });
    ecs.on(DescribeTaskDefinitionCommand).resolves({ taskDefinition: { containerDefinitions: containers } });
    return readTarget(client, REVISION);
  };

  it("has the digest that ECS has resolved, and otherwise none: no digest is no reason for a denial", async () => {
    const [resolved, unresolved] = [
      await answer({ containerImages: [{ containerName: "web", imageDigest: DIGEST }] }),
      await answer({}),
    ];

    const basis = (one: typeof resolved) => one.subjects.map((subject) => "basis" in subject && subject.basis);
    assert.deepEqual([basis(resolved), basis(unresolved)], [["reported"], ["tag"]]);
  });

  it("is every container of the task definition, whatever the revision lists", async () => {
    const containers = ["web", "log", "init"].map((name) => ({ name, image: "registry.example.com/app:v1" }));

    const { subjects } = await answer({ containerImages: [{ containerName: "web", imageDigest: DIGEST }] }, containers);

    assert.deepEqual(
      subjects.map(({ container }) => container),
      ["web", "log", "init"],
    );
  });

  it("is not taken for nothing: no revision, no task definition, no container", async () => {
    await assert.rejects(answer({}, []), /has no container/);
    await assert.rejects(answer({ taskDefinition: undefined as never }), /no task definition/);
    ecs.on(DescribeServiceRevisionsCommand).resolves({ failures: [{ arn: REVISION, reason: "MISSING" }] });
    await assert.rejects(readTarget(client, REVISION), /MISSING/);
  });
});

describe("a service deployment", () => {
  const client = new ECSClient({ region: "eu-west-1" });
  const ecs = mockClient(client);
  beforeEach(() => ecs.reset());

  it("runs what it comes from, as far as that has tasks, and never itself", async () => {
    const createdAt = new Date("2026-06-15T12:00:00Z");
    ecs.on(DescribeServiceDeploymentsCommand).resolves({
      serviceDeployments: [
        {
          serviceDeploymentArn: DEPLOYMENT,
          createdAt,
          status: "IN_PROGRESS",
          targetServiceRevision: { arn: REVISION, runningTaskCount: 1 },
          sourceServiceRevisions: [
            { arn: REVISION, runningTaskCount: 1 },
            { arn: RUNNING_REVISION, runningTaskCount: 2 },
            { arn: `${RUNNING_REVISION}0`, runningTaskCount: 0 },
          ],
        },
      ],
    });

    assert.deepEqual(await readServiceDeployment(client, DEPLOYMENT), {
      createdAt: createdAt.getTime(),
      isRollingBack: false,
      running: [RUNNING_REVISION],
      isFirst: false,
    });
  });

  for (const [status, isRollingBack] of [
    ["PENDING", false],
    ["ROLLBACK_REQUESTED", true],
    ["ROLLBACK_IN_PROGRESS", true],
  ] as const) {
    it(`${status}: ${isRollingBack ? "goes back" : "goes on"}`, async () => {
      ecs.on(DescribeServiceDeploymentsCommand).resolves({
        serviceDeployments: [{ serviceDeploymentArn: DEPLOYMENT, status }],
      });

      const facts = await readServiceDeployment(client, DEPLOYMENT);

      assert.deepEqual([facts.isRollingBack, facts.isFirst], [isRollingBack, true]);
    });
  }

  it("that ECS does not know is an error", async () => {
    ecs.on(DescribeServiceDeploymentsCommand).resolves({});

    await assert.rejects(readServiceDeployment(client, DEPLOYMENT), /does not know/);
  });
});

describe("the revisions that were deployed to the end", () => {
  const client = new ECSClient({ region: "eu-west-1" });
  const ecs = mockClient(client);
  beforeEach(() => ecs.reset());
  const service = { serviceArn: SERVICE, clusterArn: "arn:aws:ecs:eu-west-1:111122223333:cluster/web" };
  const deployment = (target: string, status: ServiceDeploymentStatus) => ({
    targetServiceRevisionArn: target,
    status,
  });

  it("are those of successful deployments, and those that are older than the history", async () => {
    ecs
      .on(ListServiceDeploymentsCommand)
      .resolvesOnce({ serviceDeployments: [deployment("new", "IN_PROGRESS")], nextToken: "more" })
      .resolvesOnce({
        serviceDeployments: [
          deployment("good", "SUCCESSFUL"),
          deployment("stopped", "STOPPED"),
          deployment("refused", "ROLLBACK_SUCCESSFUL"),
        ],
      });

    const wasDeployed = await readWasDeployed(client, service);

    assert.deepEqual(["new", "good", "stopped", "refused", "older"].filter(wasDeployed), ["good", "older"]);
  });

  it("are not those of which the part of the history that was read says nothing", async () => {
    ecs.on(ListServiceDeploymentsCommand).resolves({ serviceDeployments: [], nextToken: "more" });

    const wasDeployed = await readWasDeployed(client, service);

    assert.equal(wasDeployed("older"), false);
    assert.equal(ecs.commandCalls(ListServiceDeploymentsCommand).length, 3);
  });
});
