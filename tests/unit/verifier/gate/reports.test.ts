import assert from "node:assert/strict";
import { formatMessage } from "../../../../verifier/src/reporting/message";
import { verdictRecordSchema } from "../../../../verifier/src/reporting/record-schema";
import { hookCall, revisionWith, testGate } from "../../../support/gate";
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
