import assert from "node:assert/strict";
import {
  AccessDeniedException,
  ClientException,
  ClusterNotFoundException,
  ConflictException,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ECSClient,
  ECSServiceException,
  InvalidParameterException,
  ListServiceDeploymentsCommand,
  ServiceDeploymentNotFoundException,
  ServiceNotFoundException,
  StopServiceDeploymentCommand,
  StopTaskCommand,
  UnsupportedFeatureException,
} from "@aws-sdk/client-ecs";
import { mockClient } from "aws-sdk-client-mock";
import type { Settings } from "../../../../verifier/src/baked-settings";
import { createResponder } from "../../../../verifier/src/detector/respond";
import type { LaunchVerdict } from "../../../../verifier/src/ecs/launch-verdict";
import { launchOf } from "../../../support/launch";
import { CLUSTER, EVENT_TIME, type EventChanges, TASK, TASK_DEFINITION } from "../../../support/launch-events";
import { memoryLedger } from "../../../support/memory-ledger";

type Refusal = ConstructorParameters<typeof AccessDeniedException>[0];
const REFUSED: Refusal = { message: "refused", $metadata: { httpStatusCode: 400 } };
const NOT_FOUND: Refusal = { ...REFUSED, message: "The referenced task was not found." };
/** Whoever names things can have an error say so. */
const QUOTED: Refusal = { ...REFUSED, message: 'Invalid identifier: "The referenced task was not found."' };
const throttled = () =>
  new ECSServiceException({
    ...REFUSED,
    name: "ThrottlingException",
    message: "Rate exceeded",
    $fault: "client",
  });

const DEPLOYMENT = "arn:aws:ecs:eu-west-1:111122223333:service-deployment/orders/checkout/1";
const REVISION = "arn:aws:ecs:eu-west-1:111122223333:service-revision/orders/checkout/1";
const EARLIER_REVISION = "arn:aws:ecs:eu-west-1:111122223333:service-revision/orders/checkout/0";
const OTHER_TASK_DEFINITION = "arn:aws:ecs:eu-west-1:111122223333:task-definition/worker:6";

const LONE_TASK = { group: "family:worker" };
const SERVICE_TASK = { group: "service:checkout" };
/** Older than the five minutes in which ECS may not know a task yet. */
const createdAt = new Date(EVENT_TIME.getTime() - 5 * 60_000 - 1).toISOString();
const DAEMON_TASK = {
  taskDefinitionArn: "arn:aws:ecs:eu-west-1:111122223333:daemon-task-definition/agent:1",
};

/** What ECS does; what is left out goes well. */
interface Ecs {
  readonly stopTask?: Error;
  readonly list?: Error;
  /** The task definition of the deployment in progress; without it there is none. */
  readonly deploying?: string;
  /** Whether the service's history has a deployment that went well. Default: yes. */
  readonly hasHistory?: boolean;
  /** The revisions that the deployment in progress has begun with. Default: none. */
  readonly sources?: readonly string[];
  readonly describeDeployment?: Error;
  readonly stopDeployment?: Error;
}

function ecsThat(given: Ecs) {
  const { stopTask, list, deploying, hasHistory = true, sources = [], describeDeployment, stopDeployment } = given;
  const client = new ECSClient({ region: "eu-west-1" });
  const ecs = mockClient(client);
  if (stopTask === undefined) ecs.on(StopTaskCommand).resolves({});
  else ecs.on(StopTaskCommand).rejects(stopTask);
  const deployment = { serviceDeploymentArn: DEPLOYMENT, targetServiceRevisionArn: REVISION };
  const serviceDeployments = deploying === undefined ? [] : [deployment];
  if (list !== undefined) ecs.on(ListServiceDeploymentsCommand).rejects(list);
  else
    ecs
      .on(ListServiceDeploymentsCommand, { status: ["PENDING", "IN_PROGRESS"] })
      .resolves({ serviceDeployments })
      .on(ListServiceDeploymentsCommand, { status: ["SUCCESSFUL", "ROLLBACK_SUCCESSFUL"] })
      .resolves({ serviceDeployments: hasHistory ? [{ targetServiceRevisionArn: EARLIER_REVISION }] : [] });
  ecs.on(DescribeServiceRevisionsCommand).resolves({
    serviceRevisions: deploying === undefined ? [] : [{ serviceRevisionArn: REVISION, taskDefinition: deploying }],
  });
  const described = {
    serviceDeploymentArn: DEPLOYMENT,
    sourceServiceRevisions: sources.map((arn) => ({ arn })),
    targetServiceRevision: { arn: REVISION },
  };
  if (describeDeployment === undefined)
    ecs.on(DescribeServiceDeploymentsCommand).resolves({ serviceDeployments: [described] });
  else ecs.on(DescribeServiceDeploymentsCommand).rejects(describeDeployment);
  if (stopDeployment === undefined) ecs.on(StopServiceDeploymentCommand).resolves({});
  else ecs.on(StopServiceDeploymentCommand).rejects(stopDeployment);
  return { mock: ecs, client };
}

interface Row {
  readonly mode: Settings["mode"];
  readonly status: LaunchVerdict["status"];
  readonly task: EventChanges;
  readonly budget?: number;
  readonly ecs?: Ecs;
  /** The outcome, or the name of what is thrown. */
  readonly expected: string;
  /** The calls that change something, in their order. */
  readonly calls?: readonly ("StopServiceDeployment" | "StopTask")[];
}

const enforce = { mode: "enforce", status: "denied" } as const;
const inProgress: Ecs = { deploying: TASK_DEFINITION };
const both = ["StopServiceDeployment", "StopTask"] as const;

const table: Readonly<Record<string, Row>> = {
  "trusted, enforce": { ...enforce, status: "trusted", task: SERVICE_TASK, expected: "none" },
  "trusted, audit": { mode: "audit", status: "trusted", task: LONE_TASK, expected: "none" },
  "inconclusive, enforce": { ...enforce, status: "inconclusive", task: SERVICE_TASK, expected: "none" },
  "inconclusive, audit": { mode: "audit", status: "inconclusive", task: LONE_TASK, expected: "none" },
  "denied, audit": { mode: "audit", status: "denied", task: LONE_TASK, expected: "audited" },
  "denied, audit, service that deploys": {
    mode: "audit",
    status: "denied",
    task: SERVICE_TASK,
    ecs: inProgress,
    expected: "audited",
  },
  "denied, audit, managed daemon": { mode: "audit", status: "denied", task: DAEMON_TASK, expected: "audited" },

  RunTask: { ...enforce, task: LONE_TASK, expected: "stopped", calls: ["StopTask"] },
  "no group": { ...enforce, task: { group: undefined }, expected: "stopped", calls: ["StopTask"] },
  "managed daemon": { ...enforce, task: DAEMON_TASK, expected: "managed-daemon" },
  "managed daemon that calls itself a service": {
    ...enforce,
    task: { ...DAEMON_TASK, ...SERVICE_TASK },
    ecs: inProgress,
    expected: "managed-daemon",
  },
  "service without a deployment in progress": {
    ...enforce,
    task: SERVICE_TASK,
    expected: "stopped",
    calls: ["StopTask"],
  },
  "service that deploys another task definition": {
    ...enforce,
    task: SERVICE_TASK,
    ecs: { deploying: OTHER_TASK_DEFINITION },
    expected: "stopped",
    calls: ["StopTask"],
  },
  "service that deploys this task definition": {
    ...enforce,
    task: SERVICE_TASK,
    ecs: inProgress,
    expected: "rolled-back-and-stopped",
    calls: both,
  },

  "no budget at all": { ...enforce, task: LONE_TASK, budget: 0, expected: "alert-only" },
  "no budget, service that deploys": {
    ...enforce,
    task: SERVICE_TASK,
    budget: 0,
    ecs: inProgress,
    expected: "alert-only",
  },
  "no budget, managed daemon": { ...enforce, task: DAEMON_TASK, budget: 0, expected: "managed-daemon" },
  "the last of the budget": { ...enforce, task: LONE_TASK, budget: 1, expected: "stopped", calls: ["StopTask"] },

  "task that has ended": { ...enforce, task: { lastStatus: "STOPPED" }, ecs: inProgress, expected: "already-stopped" },
  "task of a service that has ended, audit": {
    mode: "audit",
    status: "denied",
    task: { ...SERVICE_TASK, lastStatus: "STOPPED" },
    ecs: inProgress,
    expected: "already-stopped",
  },
  "task that ECS does not know yet": {
    ...enforce,
    task: LONE_TASK,
    ecs: { stopTask: new InvalidParameterException(NOT_FOUND) },
    expected: "TaskNotKnownYetError",
    calls: ["StopTask"],
  },
  "cluster that ECS does not know yet": {
    ...enforce,
    task: LONE_TASK,
    ecs: { stopTask: new ClusterNotFoundException(REFUSED) },
    expected: "TaskNotKnownYetError",
    calls: ["StopTask"],
  },
  "task not found, in a quote only": {
    ...enforce,
    task: { ...LONE_TASK, createdAt },
    ecs: { stopTask: new InvalidParameterException(QUOTED) },
    expected: "InvalidParameterException",
    calls: ["StopTask"],
  },
  "task gone": {
    ...enforce,
    task: { ...LONE_TASK, createdAt },
    ecs: { stopTask: new InvalidParameterException(NOT_FOUND) },
    expected: "already-stopped",
    calls: ["StopTask"],
  },
  "cluster gone": {
    ...enforce,
    task: { ...SERVICE_TASK, createdAt },
    ecs: { list: new ClusterNotFoundException(REFUSED), stopTask: new ClusterNotFoundException(REFUSED) },
    expected: "already-stopped",
    calls: ["StopTask"],
  },
  "task gone, deployment rolled back": {
    ...enforce,
    task: { ...SERVICE_TASK, createdAt },
    ecs: { ...inProgress, stopTask: new InvalidParameterException(NOT_FOUND) },
    expected: "rolled-back-and-stopped",
    calls: both,
  },
  "StopTask's parameters refused": {
    ...enforce,
    task: LONE_TASK,
    ecs: { stopTask: new InvalidParameterException(REFUSED) },
    expected: "InvalidParameterException",
    calls: ["StopTask"],
  },
  "StopTask not allowed": {
    ...enforce,
    task: LONE_TASK,
    ecs: { stopTask: new AccessDeniedException(REFUSED) },
    expected: "AccessDeniedException",
    calls: ["StopTask"],
  },
  "StopTask throttled, retries used up": {
    ...enforce,
    task: LONE_TASK,
    ecs: { stopTask: throttled() },
    expected: "ThrottlingException",
    calls: ["StopTask"],
  },

  "ListServiceDeployments not allowed": {
    ...enforce,
    task: SERVICE_TASK,
    ecs: { list: new AccessDeniedException(REFUSED) },
    expected: "AccessDeniedException",
    calls: ["StopTask"],
  },
  "other deployment controller": {
    ...enforce,
    task: SERVICE_TASK,
    ecs: { list: new UnsupportedFeatureException(REFUSED) },
    expected: "stopped",
    calls: ["StopTask"],
  },
  "group of a service that does not exist": {
    ...enforce,
    task: SERVICE_TASK,
    ecs: { list: new ServiceNotFoundException(REFUSED) },
    expected: "stopped",
    calls: ["StopTask"],
  },
  "group that is no service's name": {
    ...enforce,
    task: { group: "service:no such name" },
    ecs: { list: new InvalidParameterException(REFUSED) },
    expected: "stopped",
    calls: ["StopTask"],
  },
  "first deployment of a service": {
    ...enforce,
    task: SERVICE_TASK,
    ecs: { ...inProgress, hasHistory: false },
    expected: "stopped-first-deployment",
    calls: ["StopTask"],
  },
  "first deployment, task gone": {
    ...enforce,
    task: { ...SERVICE_TASK, createdAt },
    ecs: { ...inProgress, hasHistory: false, stopTask: new InvalidParameterException(NOT_FOUND) },
    expected: "already-stopped",
    calls: ["StopTask"],
  },
  "first deployment that lists itself as its source": {
    ...enforce,
    task: SERVICE_TASK,
    ecs: { ...inProgress, hasHistory: false, sources: [REVISION] },
    expected: "stopped-first-deployment",
    calls: ["StopTask"],
  },
  "service whose last deployment is older than the history": {
    ...enforce,
    task: SERVICE_TASK,
    ecs: { ...inProgress, hasHistory: false, sources: [EARLIER_REVISION] },
    expected: "rolled-back-and-stopped",
    calls: both,
  },
  "DescribeServiceDeployments not allowed": {
    ...enforce,
    task: SERVICE_TASK,
    ecs: { ...inProgress, hasHistory: false, describeDeployment: new AccessDeniedException(REFUSED) },
    expected: "AccessDeniedException",
    calls: ["StopTask"],
  },
  "nothing to roll back to after all, as a wrong parameter": {
    ...enforce,
    task: SERVICE_TASK,
    ecs: { ...inProgress, stopDeployment: new InvalidParameterException(REFUSED) },
    expected: "InvalidParameterException",
    calls: both,
  },
  "nothing to roll back to after all, as a fault of the client": {
    ...enforce,
    task: SERVICE_TASK,
    ecs: { ...inProgress, stopDeployment: new ClientException(REFUSED) },
    expected: "ClientException",
    calls: both,
  },
  "roll-back not allowed": {
    ...enforce,
    task: SERVICE_TASK,
    ecs: { ...inProgress, stopDeployment: new AccessDeniedException(REFUSED) },
    expected: "AccessDeniedException",
    calls: both,
  },
  "roll-back throttled, retries used up": {
    ...enforce,
    task: SERVICE_TASK,
    ecs: { ...inProgress, stopDeployment: throttled() },
    expected: "ThrottlingException",
    calls: both,
  },
  "roll-back begun already": {
    ...enforce,
    task: SERVICE_TASK,
    ecs: { ...inProgress, stopDeployment: new ConflictException(REFUSED) },
    expected: "rolled-back-and-stopped",
    calls: both,
  },
  "deployment ended meanwhile": {
    ...enforce,
    task: SERVICE_TASK,
    ecs: { ...inProgress, stopDeployment: new ServiceDeploymentNotFoundException(REFUSED) },
    expected: "stopped",
    calls: both,
  },
  "deployment that cannot be rolled back": {
    ...enforce,
    task: SERVICE_TASK,
    ecs: { ...inProgress, stopDeployment: new UnsupportedFeatureException(REFUSED) },
    expected: "stopped",
    calls: both,
  },
};

const now = () => EVENT_TIME.getTime();

describe("the response to a launch", () => {
  for (const [name, { mode, status, task, budget = 20, ecs = {}, expected, calls = [] }] of Object.entries(table)) {
    it(`is ${expected} for: ${name}`, async () => {
      const { mock, client } = ecsThat(ecs);
      const ledger = memoryLedger();
      const respond = createResponder({ ecs: client, ledger, settings: { mode, stopBudget: budget }, now });

      const outcome = await respond(launchOf(task), status, "why").then(
        (response) => (response.state === "done" ? response.outcome : response.state),
        (error: Error) => error.name,
      );

      assert.equal(outcome, expected);
      const changing = mock
        .calls()
        .map(({ args: [command] }) => command.constructor.name.replace(/Command$/, ""))
        .filter((command) => command.startsWith("Stop"));
      assert.deepEqual(changing, calls);
    });
  }

  it("names cluster and task in full, and says why, cut to a length that ECS takes", async () => {
    const { mock, client } = ecsThat({});
    const respond = createResponder({
      ecs: client,
      ledger: memoryLedger(),
      settings: { mode: "enforce", stopBudget: 1 },
      now,
    });

    await respond(launchOf(), "denied", `no-signature: ${"x".repeat(300)}`);

    const [call] = mock.commandCalls(StopTaskCommand);
    const { cluster, task, reason = "" } = call?.args[0].input ?? {};
    assert.deepEqual([cluster, task, reason.length], [CLUSTER, TASK, 255]);
    assert.match(reason, /^no-signature: x+$/);
  });

  it("asks for the deployments of the service in its cluster that are in progress, and rolls that one back", async () => {
    const { mock, client } = ecsThat(inProgress);
    const respond = createResponder({
      ecs: client,
      ledger: memoryLedger(),
      settings: { mode: "enforce", stopBudget: 1 },
      now,
    });

    await respond(launchOf(SERVICE_TASK), "denied", "why");

    const of = { cluster: CLUSTER, service: "checkout" };
    assert.deepEqual(
      mock.commandCalls(ListServiceDeploymentsCommand).map(({ args: [{ input }] }) => input),
      [
        { ...of, status: ["PENDING", "IN_PROGRESS"] },
        { ...of, status: ["SUCCESSFUL", "ROLLBACK_SUCCESSFUL"] },
      ],
    );
    assert.deepEqual(mock.commandCalls(DescribeServiceRevisionsCommand)[0]?.args[0].input, {
      serviceRevisionArns: [REVISION],
    });
    assert.deepEqual(mock.commandCalls(StopServiceDeploymentCommand)[0]?.args[0].input, {
      serviceDeploymentArn: DEPLOYMENT,
      stopType: "ROLLBACK",
    });
  });

  it("looks for deployments behind an empty page, and does not turn pages without end", async () => {
    const { mock, client } = ecsThat({});
    const deployment = { serviceDeploymentArn: DEPLOYMENT, targetServiceRevisionArn: REVISION };
    mock
      .on(ListServiceDeploymentsCommand, { status: ["PENDING", "IN_PROGRESS"] })
      .resolvesOnce({ serviceDeployments: [], nextToken: "more" })
      .resolves({ serviceDeployments: [deployment] })
      .on(ListServiceDeploymentsCommand, { status: ["SUCCESSFUL", "ROLLBACK_SUCCESSFUL"] })
      .resolves({ serviceDeployments: [], nextToken: "more" })
      .on(DescribeServiceRevisionsCommand)
      .resolves({ serviceRevisions: [{ serviceRevisionArn: REVISION, taskDefinition: TASK_DEFINITION }] });
    const settings = { mode: "enforce", stopBudget: 1 } as const;
    const respond = createResponder({ ecs: client, ledger: memoryLedger(), settings, now });

    const response = await respond(launchOf(SERVICE_TASK), "denied", "why");

    assert.equal(response.state === "done" && response.outcome, "stopped-first-deployment");
    assert.equal(mock.commandCalls(ListServiceDeploymentsCommand).length, 12);
  });
});
