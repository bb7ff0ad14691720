import assert from "node:assert/strict";
import { AccessDeniedException, ECSClient, InvalidParameterException, StopTaskCommand } from "@aws-sdk/client-ecs";
import { mockClient } from "aws-sdk-client-mock";
import type { Ledger } from "../../../verifier/src/launch/ledger";
import { createResponder, type Responder } from "../../../verifier/src/launch/respond";
import { launchOf } from "../../support/launch";
import { TASK } from "../../support/launch-events";
import { memoryLedger } from "../../support/memory-ledger";

function scene(stopBudget = 20, ledger: Ledger = memoryLedger()) {
  const client = new ECSClient({ region: "eu-west-1" });
  const ecs = mockClient(client);
  ecs.on(StopTaskCommand).resolves({});
  const inMode = (mode: "audit" | "enforce"): Responder =>
    createResponder({ ecs: client, ledger, settings: { mode, stopBudget } });
  return {
    ecs,
    ledger,
    respond: inMode("enforce"),
    audit: inMode("audit"),
    stops: () => ecs.commandCalls(StopTaskCommand),
  };
}

const taskNumber = (number: number) => launchOf({ taskArn: TASK.slice(0, -4) + String(number).padStart(4, "0") });

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

  it("stops no more tasks than the budget has", async () => {
    const { respond, stops } = scene(3);

    const responses = await Promise.all([1, 2, 3, 4, 5].map((number) => respond(taskNumber(number), "denied", "why")));

    const outcomes = responses.map((response) => (response.state === "done" ? response.outcome : response.state));
    assert.deepEqual(outcomes.sort(), ["budget-used-up", "budget-used-up", "stopped", "stopped", "stopped"]);
    assert.equal(stops().length, 3);
  });

  it("gives the stop of a task that had ended back to the budget", async () => {
    const { ecs, respond, stops } = scene(1);
    const notFound = new InvalidParameterException({ message: "The referenced task was not found.", $metadata: {} });
    ecs.on(StopTaskCommand).rejectsOnce(notFound).resolves({});

    const outcomes = [];
    for (const number of [1, 2, 3]) {
      const response = await respond(taskNumber(number), "denied", "why");
      outcomes.push(response.state === "done" && response.outcome);
    }

    assert.deepEqual(outcomes, ["already-stopped", "stopped", "budget-used-up"]);
    assert.equal(stops().length, 2);
  });

  it("is not taken from a ledger that holds something else", async () => {
    const ledger = memoryLedger();
    const { respond } = scene(1, ledger);
    await ledger.once(TASK, "response#enforce", async () => "sung");

    await assert.rejects(respond(launchOf(), "denied", "why"), /stopped/);
  });
});
