import assert from "node:assert/strict";
import { AccessDeniedException, ECSClient, InvalidParameterException, StopTaskCommand } from "@aws-sdk/client-ecs";
import { mockClient } from "aws-sdk-client-mock";
import { createResponder, type Responder, type Response } from "../../../../verifier/src/detector/respond";
import { TaskNotKnownYetError } from "../../../../verifier/src/detector/stop-task";
import type { Ledger } from "../../../../verifier/src/reporting/ledger";
import { testClock } from "../../../support/clock";
import { launchOf } from "../../../support/launch";
import { EVENT_TIME, TASK, TASK_DEFINITION } from "../../../support/launch-events";
import { memoryLedger } from "../../../support/memory-ledger";

function scene(stopBudget = 20, clock = testClock(EVENT_TIME), ledger: Ledger = memoryLedger(clock.now)) {
  const client = new ECSClient({ region: "eu-west-1" });
  const ecs = mockClient(client);
  ecs.on(StopTaskCommand).resolves({});
  const inMode = (mode: "audit" | "enforce", budget = stopBudget): Responder =>
    createResponder({ ecs: client, ledger, settings: { mode, stopBudget: budget }, now: clock.now });
  return {
    ecs,
    ledger,
    clock,
    respond: inMode("enforce"),
    audit: inMode("audit"),
    alert: inMode("enforce", 0),
    stops: () => ecs.commandCalls(StopTaskCommand),
  };
}

/** Of a family for each two tasks, so that the budget of one is not in the way. */
const taskNumber = (number: number, family = `worker-${number >> 1}`) =>
  launchOf({
    taskArn: TASK.slice(0, -4) + String(number).padStart(4, "0"),
    taskDefinitionArn: TASK_DEFINITION.replace("worker", family),
    createdAt: new Date(EVENT_TIME.getTime() - 10 * 60_000).toISOString(),
  });

/** The outcome, or the state of what has none. */
const short = (response: Response) => (response.state === "done" ? response.outcome : response.state);

describe("the response, to several events of one task", () => {
  it("is given once; later ones learn what it was", async () => {
    const { respond, stops } = scene();

    const responses = [await respond(launchOf(), "denied", "why"), await respond(launchOf(), "denied", "why")];

    assert.deepEqual(responses, [
      { state: "done", outcome: "stopped", now: true },
      { state: "done", outcome: "stopped", now: false },
    ]);
    assert.equal(stops().length, 1);
  });

  it("is counted once when the environment only audits", async () => {
    const { audit } = scene();

    const responses = [await audit(launchOf(), "denied", "why"), await audit(launchOf(), "denied", "why")];

    assert.deepEqual(
      responses.map((response) => response.state === "done" && [response.outcome, response.now]),
      [
        ["audited", true],
        ["audited", false],
      ],
    );
  });

  it("stops a task that was seen while the environment audited", async () => {
    const { audit, respond, stops } = scene();
    await audit(launchOf(), "denied", "why");

    const response = await respond(launchOf(), "denied", "why");

    assert.equal(response.state === "done" && response.outcome, "stopped");
    assert.equal(stops().length, 1);
  });

  it("is under way while another invocation is at it", async () => {
    const { respond, stops } = scene();

    const responses = await Promise.all([
      respond(launchOf(), "denied", "why"),
      respond(launchOf(), "denied", "why"),
      respond(launchOf(), "denied", "why"),
    ]);

    assert.deepEqual(responses.map(({ state }) => state).sort(), ["done", "under-way", "under-way"]);
    assert.equal(stops().length, 1);
  });

  it("is given again when it failed, and takes no second stop from the budget", async () => {
    const { ecs, respond, stops } = scene(1);
    ecs
      .on(StopTaskCommand)
      .rejectsOnce(new AccessDeniedException({ message: "not allowed", $metadata: {} }))
      .resolves({});
    await assert.rejects(respond(launchOf(), "denied", "why"), AccessDeniedException);

    const response = await respond(launchOf(), "denied", "why");

    assert.deepEqual(response, { state: "done", outcome: "stopped", now: true });
    assert.equal(stops().length, 2);
  });

  it("stops a task that was seen while the budget was 0", async () => {
    const { alert, respond, stops } = scene();
    await alert(launchOf(), "denied", "why");

    assert.equal(short(await respond(launchOf(), "denied", "why")), "stopped");
    assert.equal(stops().length, 1);
  });

  it("is over when the task's end has been seen, whatever events come late", async () => {
    const { respond, stops } = scene();
    await respond(launchOf({ lastStatus: "STOPPED" }), "denied", "why");

    const response = await respond(launchOf(), "denied", "why");

    assert.deepEqual(response, { state: "done", outcome: "already-stopped", now: false });
    assert.equal(stops().length, 0);
  });

  it("stops no more tasks than the budget has, and the others in the next window", async () => {
    const { respond, stops, clock } = scene(3);
    const all = () => Promise.all([1, 2, 3, 4, 5].map((number) => respond(taskNumber(number), "denied", "why")));

    const first = (await all()).map(short);
    await clock.pass(10 * 60_000);
    const second = (await all()).map(short);

    assert.deepEqual(first, ["stopped", "stopped", "stopped", "over-budget", "over-budget"]);
    assert.deepEqual(second, ["stopped", "stopped", "stopped", "stopped", "stopped"]);
    assert.equal(stops().length, 5);
  });

  for (const [budget, share] of [
    [1, 1],
    [2, 1],
    [5, 3],
  ] as const) {
    it(`leaves to one family ${share} of a budget of ${budget}, and the rest to others`, async () => {
      const { respond } = scene(budget);
      const stopped = async (family: string) => {
        const numbers = Array.from({ length: 9 }, (_, index) => index + (family === "loop" ? 0 : 100));
        const responses = await Promise.all(
          numbers.map((number) => respond(taskNumber(number, family), "denied", "x")),
        );
        return responses.map(short).filter((outcome) => outcome === "stopped").length;
      };

      assert.deepEqual([await stopped("loop"), await stopped("other")], [share, budget - share]);
    });
  }

  it("gives the stop of a task that had ended back to the budget", async () => {
    const { ecs, respond, stops } = scene(1);
    const notFound = new InvalidParameterException({ message: "The referenced task was not found.", $metadata: {} });
    ecs.on(StopTaskCommand).rejectsOnce(notFound).resolves({});

    const outcomes = [];
    for (const number of [1, 2, 3]) outcomes.push(short(await respond(taskNumber(number), "denied", "why")));

    assert.deepEqual(outcomes, ["already-stopped", "stopped", "over-budget"]);
    assert.equal(stops().length, 2);
  });

  it("is not given for a task that ECS does not know yet, and tried again", async () => {
    const { ecs, respond, stops } = scene(1);
    const notFound = new InvalidParameterException({ message: "The referenced task was not found.", $metadata: {} });
    ecs.on(StopTaskCommand).rejectsOnce(notFound).resolves({});

    await assert.rejects(respond(launchOf(), "denied", "why"), TaskNotKnownYetError);
    const response = await respond(launchOf(), "denied", "why");

    assert.deepEqual([short(response), stops().length], ["stopped", 2]);
  });

  it("is not taken from a ledger that holds something else", async () => {
    const { respond, ledger } = scene(1);
    await ledger.once(TASK, "response#enforce", async () => "sung");

    await assert.rejects(respond(launchOf(), "denied", "why"), /stopped/);
  });
});
