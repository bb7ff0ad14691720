import assert from "node:assert/strict";
import { formatMessage, type Message } from "../../../../verifier/src/reporting/message";
import { verdictRecordSchema } from "../../../../verifier/src/reporting/record-schema";
import { hookCall, OPENING, revisionWith, testGate } from "../../../support/gate";
import { verdictOf } from "../../../support/launch";
import { DIGEST } from "../../../support/launch-events";

const again = (number: number) => ({ resourceArn: `${hookCall().resourceArn}${number}` });

describe("what the gate records and tells", () => {
  it("records a refusal of each container once, however often and at which stage ECS asks", async () => {
    const gate = testGate({ verdicts: { web: {}, log: { code: "signature-valid" } }, owner: "team-payments" });

    for (const stage of ["PRE_SCALE_UP", "PRE_SCALE_UP", "POST_SCALE_UP"]) await gate.call(hookCall(stage));

    const recorded = gate.seen.events.map(({ container, status, response }) => `${container} ${status} ${response}`);
    assert.deepEqual(recorded.sort(), ["log trusted refused", "web denied refused"]);
    assert.equal(gate.seen.messages.length, 1);
  });

  it("makes records that the schema describes", async () => {
    const gate = testGate({ owner: "team-payments" });
    await gate.call(hookCall());

    for (const record of [...gate.seen.events, ...gate.seen.lines]) verdictRecordSchema.parse(record);
    const [record] = gate.seen.events;
    assert.deepEqual(
      [record?.subject, record?.enforcementPoint, record?.service, record?.stage, record?.mode, record?.owner],
      ["deployment", "deployment", "checkout", "PRE_SCALE_UP", "enforce", "team-payments"],
    );
  });

  it("logs a deployment that waits, and puts no event before the verdict is final", async () => {
    const gate = testGate({ verdicts: { web: { code: "signer-unavailable" } } });

    await gate.call(hookCall());

    assert.deepEqual([gate.seen.lines.map(({ final }) => final), gate.seen.events], [[false], []]);
  });

  it("in audit sends one message for each service, digest and code, and records every deployment", async () => {
    const gate = testGate({ environment: { mode: "audit" } });

    for (const number of [1, 2, 3]) await gate.call(hookCall("PRE_SCALE_UP", again(number)));

    assert.deepEqual([gate.seen.events.length, gate.seen.messages.length], [3, 1]);
  });

  it("in audit tries a message again, at the next stage or deployment, that could not be sent", async () => {
    let fails = true;
    const { gate } = testGate({ environment: { mode: "audit" } });
    const told: unknown[] = [];
    const notify = async (record: unknown) => {
      if (fails) throw new Error("Throttling");
      told.push(record);
    };
    const delivery = { ...gate.delivery, notify };
    const own = testGate({ environment: { mode: "audit" }, delivery });

    await own.call(hookCall());
    fails = false;
    for (const number of [1, 2]) await own.call(hookCall("PRE_SCALE_UP", again(number)));

    assert.equal(told.length, 1);
  });

  it("records a container again whose deployment is refused at the second stage because of another", async () => {
    const codes = { web: "signature-valid", log: "signature-valid" };
    const gate = testGate({
      verdicts: { web: {}, log: {} },
      judge: async ({ container }) => verdictOf({ code: codes[container as "web"] as "signature-valid" }),
    });
    await gate.call(hookCall());
    codes.log = "no-signature";

    await gate.call(hookCall("POST_SCALE_UP"));

    const recorded = gate.seen.events.map(({ container, response }) => `${container} ${response}`);
    assert.deepEqual(recorded, ["web none", "log none", "web refused", "log refused"]);
  });

  for (const [mode, onInconclusive, opening, done] of [
    ["enforce", "deny", undefined, /The deployment was refused/],
    ["enforce", "alert", undefined, /the gate let the deployment go on/],
    ["audit", "deny", undefined, /the gate only audits/],
    ["enforce", "deny", OPENING, /open by an order of the moment[\s\S]*8f14e45f/],
  ] as const) {
    it(`tells of a deployment that it could not read in time: ${mode}, ${onInconclusive}${opening ? ", open" : ""}`, async () => {
      const announced: Message[] = [];
      const { gate } = testGate();
      const delivery = { ...gate.delivery, announce: async (message: Message) => void announced.push(message) };
      const own = testGate({
        environment: { mode, onInconclusive },
        delivery,
        ...(opening === undefined ? {} : { opening }),
        readTarget: async () => {
          throw new Error("ThrottlingException");
        },
      });

      const first = await own.call(hookCall());
      await own.clock.pass(150_000);
      await own.call(hookCall("PRE_SCALE_UP", { hookDetails: first.hookDetails }));

      assert.deepEqual(
        announced.map(({ subject }) => subject),
        ["DEPLOYMENT NOT JUDGED: web/checkout in prod"],
      );
      assert.match(announced[0]?.text ?? "", done);
      assert.match(announced[0]?.text ?? "", /^Runbook +docs\/runbook\.md#gate-alarm-failed$/m);
    });
  }

  it("where it enforces tells each refused deployment, and each use of an opening or of the way back", async () => {
    const refusing = testGate();
    const running = testGate({ running: [revisionWith({ web: DIGEST })] });

    for (const gate of [refusing, running]) {
      for (const number of [1, 2]) await gate.call(hookCall("PRE_SCALE_UP", again(number)));
    }

    assert.deepEqual(
      [refusing, running].map(({ seen }) => seen.messages.map(({ response }) => response)),
      [
        ["refused", "refused"],
        ["already-running", "already-running"],
      ],
    );
  });

  it("tells a person all they need for a refused first deployment", async () => {
    const gate = testGate({ deployment: { isFirst: true }, owner: "team-payments" });

    await gate.call(hookCall());

    const [record] = gate.seen.messages;
    assert.ok(record);
    const { subject, text } = formatMessage(record);
    assert.equal(subject, "DENIED no-signature: web in prod");
    for (const [name, said] of [
      ["Image", new RegExp(DIGEST)],
      ["Where", /container web, service checkout, cluster web, eu-west-1, account 111122223333/],
      ["Signed by", /nobody/],
      ["Done", /The deployment was refused\. It is the service's first/],
      ["Next", /Sign the image by its digest/],
      ["Deployment", /service-deployment\/web\/checkout\/abc123/],
      ["Owner", /team-payments/],
      ["ECS shows", /PRE_SCALE_UP lifecycle hook\(s\) failed.*No rollback candidate was found to run the rollback/],
      ["Open", /gate open web\/checkout --for 2h --reason "WHY" --stack STACK/],
    ] as const) {
      const row = text.split("\n").find((line) => line.startsWith(name));
      assert.match(row ?? `no row ${name} in\n${text}`, said);
    }
    assert.ok(!text.includes("Task "));
  });
});
