import assert from "node:assert/strict";
import {
  ClientException,
  DescribeServiceRevisionsCommand,
  ECSClient,
  InvalidParameterException,
  ListServiceDeploymentsCommand,
  StopServiceDeploymentCommand,
  StopTaskCommand,
} from "@aws-sdk/client-ecs";
import { mockClient } from "aws-sdk-client-mock";
import { createResponder } from "../../../../verifier/src/detector/respond";
import { errorNames } from "../../../support/async-invocation";
import { testClock } from "../../../support/clock";
import { settings, signed, signerDown, testDetector, unsigned } from "../../../support/detector";
import { EVENT_TIME, runningEvent, TASK_DEFINITION } from "../../../support/launch-events";
import { memoryLedger } from "../../../support/memory-ledger";

/** A part that fails until it is repaired. */
function breakable<A extends unknown[]>(part: (...args: A) => Promise<void>) {
  let broken = true;
  return {
    call: async (...args: A): Promise<void> => {
      if (broken) throw Object.assign(new Error("connect ECONNREFUSED"), { name: "TimeoutError" });
      await part(...args);
    },
    repair: () => {
      broken = false;
    },
  };
}

describe("the launch detector, with Signer down", () => {
  it("for one attempt: ends in a verdict with the second", async () => {
    const detector = testDetector();
    detector.finds(() => signerDown());

    const invocation = await detector.invoke(runningEvent(), {
      beforeAttempt: (attempt) => attempt === 2 && detector.finds(() => signed()),
    });

    assert.deepEqual(errorNames(invocation), ["InconclusiveError", "ok"]);
    assert.deepEqual(
      detector.seen.events.map(({ code }) => code),
      ["signature-valid"],
    );
  });

  for (const [onInconclusive, response] of [
    ["alert", "none"],
    ["deny", "stopped"],
  ] as const) {
    it(`for all three attempts: ends in a final verdict, with ${onInconclusive} in the response ${response}`, async () => {
      const detector = testDetector({ settings: { onInconclusive } });
      detector.finds(() => signerDown());

      const invocation = await detector.invoke(runningEvent());

      assert.deepEqual(errorNames(invocation), ["InconclusiveError", "InconclusiveError", "ok"]);
      assert.equal(invocation.ended, "succeeded");
      for (const told of [detector.seen.events, detector.seen.messages]) {
        assert.deepEqual(
          told.map((record) => [record.code, record.final, record.response]),
          [["signer-unavailable", true, response]],
        );
      }
    });
  }

  it("for three attempts, then back: the next event of the task is judged, and nothing old stands in its way", async () => {
    const detector = testDetector();
    detector.finds(() => signerDown());
    await detector.invoke(runningEvent());
    detector.finds(() => unsigned());

    const invocation = await detector.invoke(runningEvent({ version: 5 }));

    assert.equal(invocation.ended, "succeeded");
    assert.deepEqual(
      detector.seen.messages.map(({ code, response }) => `${code} ${response}`),
      ["signer-unavailable none", "no-signature stopped"],
    );
  });
});

describe("the launch detector, with SNS down", () => {
  it("for one attempt: the task is stopped at once, the event is not put twice, the message follows", async () => {
    const messages: string[] = [];
    const sns = breakable(async (code: string) => void messages.push(code));
    const events: string[] = [];
    const detector = testDetector({
      delivery: {
        putEvent: async ({ code }) => void events.push(code),
        notify: ({ code }) => sns.call(code),
        announce: async () => {},
      },
    });
    detector.finds(() => unsigned());

    const invocation = await detector.invoke(runningEvent(), {
      beforeAttempt: (attempt) => attempt === 2 && sns.repair(),
    });

    assert.deepEqual(errorNames(invocation), ["IncompleteError", "ok"]);
    assert.deepEqual([events, messages], [["no-signature"], ["no-signature"]]);
    assert.equal(detector.seen.responses.length, 1);
    assert.equal(detector.seen.counted.filter((what) => what === "delivery failed").length, 1);
  });

  it("throughout: the event is put, and ends in the failure queue", async () => {
    const sns = breakable(async () => {});
    const detector = testDetector({
      delivery: { putEvent: async () => {}, notify: sns.call, announce: async () => {} },
    });
    detector.finds(() => unsigned());

    const invocation = await detector.invoke(runningEvent());

    assert.deepEqual(errorNames(invocation), ["IncompleteError", "IncompleteError", "IncompleteError"]);
    assert.equal(invocation.ended, "failure-queue");
    assert.match(invocation.attempts[0]?.message ?? "", /web could not be delivered: TimeoutError: .*ECONNREFUSED/);
    assert.equal(detector.seen.responses.length, 1);
  });
});

describe("the launch detector, with EventBridge down", () => {
  it("for two attempts: stopped and told at once, put with the third", async () => {
    const events: string[] = [];
    const bus = breakable(async (code: string) => void events.push(code));
    const messages: string[] = [];
    const detector = testDetector({
      delivery: {
        putEvent: ({ code }) => bus.call(code),
        notify: async ({ code }) => void messages.push(code),
        announce: async () => {},
      },
    });
    detector.finds(() => unsigned());

    const invocation = await detector.invoke(runningEvent(), {
      beforeAttempt: (attempt) => attempt === 3 && bus.repair(),
    });

    assert.deepEqual(errorNames(invocation), ["IncompleteError", "IncompleteError", "ok"]);
    assert.deepEqual([events, messages], [["no-signature"], ["no-signature"]]);
  });

  it("throughout, on a trusted launch: ends in the failure queue, and the log has the verdict", async () => {
    const bus = breakable(async () => {});
    const detector = testDetector({
      delivery: { putEvent: bus.call, notify: async () => {}, announce: async () => {} },
    });

    const invocation = await detector.invoke(runningEvent());

    assert.equal(invocation.ended, "failure-queue");
    assert.equal(detector.seen.lines[0]?.code, "signature-valid");
  });
});

describe("the launch detector, with ECS refusing", () => {
  const throttled = () => Object.assign(new Error("Rate exceeded"), { name: "ThrottlingException" });

  it("for one attempt: the failure is told and counted, then that it went well", async () => {
    let attempts = 0;
    const detector = testDetector({
      respond: async () => {
        attempts += 1;
        if (attempts === 1) throw throttled();
        return { state: "done", outcome: "stopped", now: true };
      },
    });
    detector.finds(() => unsigned());

    const invocation = await detector.invoke(runningEvent());

    assert.deepEqual(errorNames(invocation), ["IncompleteError", "ok"]);
    assert.deepEqual(
      detector.seen.messages.map(({ response, responseError }) => [response, responseError]),
      [
        ["failed", "ThrottlingException: Rate exceeded"],
        ["stopped", undefined],
      ],
    );
    assert.deepEqual(
      detector.seen.counted.filter((what) => what.startsWith("response")),
      ["response failed", "response stopped"],
    );
  });

  it("throughout: told once, counted each time, and ends in the failure queue", async () => {
    const detector = testDetector({
      respond: async () => {
        throw throttled();
      },
    });
    detector.finds(() => unsigned());

    const invocation = await detector.invoke(runningEvent());

    assert.equal(invocation.ended, "failure-queue");
    assert.match(invocation.attempts[2]?.message ?? "", /The response to arn:aws:ecs:.* failed: ThrottlingException/);
    assert.equal(detector.seen.messages.length, 1);
    assert.equal(detector.seen.counted.filter((what) => what === "response failed").length, 3);
  });
});

describe("the launch detector, with a roll-back refused that seemed possible", () => {
  for (const Refusal of [InvalidParameterException, ClientException]) {
    it(`by ${Refusal.name}: the task is stopped, the failure told once, and the event ends in the failure queue`, async () => {
      const clock = testClock(EVENT_TIME);
      const ledger = memoryLedger(clock.now);
      const client = new ECSClient({ region: "eu-west-1" });
      const ecs = mockClient(client);
      const serviceDeployments = [{ serviceDeploymentArn: "deployment", targetServiceRevisionArn: "revision" }];
      ecs
        .on(ListServiceDeploymentsCommand)
        .resolves({ serviceDeployments })
        .on(DescribeServiceRevisionsCommand)
        .resolves({ serviceRevisions: [{ serviceRevisionArn: "revision", taskDefinition: TASK_DEFINITION }] })
        .on(StopServiceDeploymentCommand)
        .rejects(new Refusal({ message: "No rollback candidate was found", $metadata: {} }))
        .on(StopTaskCommand)
        .resolves({});
      const respond = createResponder({ ecs: client, ledger, settings: settings({ stopBudget: 1 }), now: clock.now });
      const detector = testDetector({ clock, ledger, respond });
      detector.finds(() => unsigned());

      const invocation = await detector.invoke(runningEvent({ group: "service:checkout" }));

      assert.equal(invocation.ended, "failure-queue");
      assert.equal(ecs.commandCalls(StopTaskCommand).length, 3);
      assert.deepEqual(
        detector.seen.messages.map(({ response, responseError }) => [response, responseError]),
        [["failed", `${Refusal.name}: No rollback candidate was found`]],
      );
    });
  }
});

describe("the launch detector, with ECS not saying what the task definition has", () => {
  it("cannot tell of a container that may be AWS's, and asks again", async () => {
    let down = true;
    const detector = testDetector({
      subjects: {
        containerNames: async () => {
          if (down) throw new Error("Rate exceeded");
          return new Set(["web"]);
        },
      },
    });
    const agent = { name: "aws-guardduty-agent-nm40lC", image: undefined };
    const event = runningEvent();
    event.detail.containers.push({ ...agent, lastStatus: "RUNNING" });

    const invocation = await detector.invoke(event, {
      beforeAttempt: (attempt) => {
        down = attempt === 1;
      },
    });

    assert.deepEqual(errorNames(invocation), ["InconclusiveError", "ok"]);
    assert.deepEqual(detector.seen.events.map(({ code }) => code).sort(), ["aws-injected", "signature-valid"]);
  });
});
