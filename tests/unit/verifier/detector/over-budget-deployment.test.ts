import assert from "node:assert/strict";
import {
  DescribeServiceRevisionsCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  StopServiceDeploymentCommand,
  StopTaskCommand,
} from "@aws-sdk/client-ecs";
import { mockClient } from "aws-sdk-client-mock";
import { handlePostponed } from "../../../../verifier/src/detector/postponed";
import { createResponder } from "../../../../verifier/src/detector/respond";
import { testClock } from "../../../support/clock";
import { settings, testDetector, unsigned } from "../../../support/detector";
import { EVENT_TIME, runningEvent, TASK, TASK_DEFINITION } from "../../../support/launch-events";
import { memoryLedger } from "../../../support/memory-ledger";

const WINDOW_MS = 10 * 60_000;
const task = (n: number) => `${TASK.slice(0, -4)}000${n}`;
const SERVICE = "arn:aws:ecs:eu-west-1:111122223333:service";
const DEPLOYMENT = `${SERVICE}-deployment/orders/web/new`;
const REVISION = `${SERVICE}-revision/orders/web/2`;

describe("a service's task over budget", () => {
  it("has its deployment rolled back while that is in progress, for which no stop is needed", async () => {
    const clock = testClock(EVENT_TIME);
    const ledger = memoryLedger(clock.now);
    const client = new ECSClient({ region: "eu-west-1" });
    const ecs = mockClient(client);
    let isInProgress = true;
    ecs.on(StopTaskCommand).resolves({});
    ecs.on(StopServiceDeploymentCommand).resolves({});
    ecs.on(ListServiceDeploymentsCommand).callsFake(({ status }) => ({
      serviceDeployments:
        status.includes("IN_PROGRESS") === isInProgress
          ? [{ serviceDeploymentArn: DEPLOYMENT, targetServiceRevisionArn: REVISION }]
          : status.includes("IN_PROGRESS")
            ? []
            : [{ serviceDeploymentArn: `${SERVICE}-deployment/orders/web/old` }],
    }));
    ecs.on(DescribeServiceRevisionsCommand).resolves({
      serviceRevisions: [{ serviceRevisionArn: REVISION, taskDefinition: TASK_DEFINITION }],
    });
    const given = { stopBudget: 1 };
    const respond = createResponder({ ecs: client, ledger, settings: settings(given), now: clock.now });
    const detector = testDetector({ settings: given, clock, ledger, respond });
    detector.finds(() => unsigned());
    const cheap = "arn:aws:ecs:eu-west-1:111122223333:task-definition/cheap:1";
    await detector.handle(runningEvent({ taskArn: task(1), taskDefinitionArn: cheap, group: "family:cheap" }));

    await detector.handle(runningEvent({ taskArn: task(2), group: "service:web" }));
    // A deployment of a small service is done within minutes, before the stop that waits is made.
    isInProgress = false;
    await clock.pass(WINDOW_MS);
    const body = JSON.stringify(detector.seen.postponed[0]);
    await handlePostponed(detector, [{ eventSource: "aws:sqs", messageId: "m", body }], () => 60_000);

    assert.deepEqual(
      ecs.commandCalls(StopServiceDeploymentCommand).map((call) => call.args[0].input.serviceDeploymentArn),
      [DEPLOYMENT],
      "the service goes on starting tasks of the unsigned image, each of which takes a stop of the budget",
    );
  });
});
