import assert from "node:assert/strict";
import { findingId } from "../../../../verifier/src/findings/finding-id";
import { CONTEXT, findingFacts, memoryFindings, testFindings } from "../../../support/findings";
import { testHub } from "../../../support/security-hub";

const FACTS = findingFacts();
const ID = findingId(CONTEXT, FACTS);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("findings", () => {
  it("has one for a thousand tasks of a workload, sent once", async () => {
    const findings = testFindings();

    await Promise.all(
      Array.from({ length: 1000 }, (_, task) => findings.launchFailed({ ...FACTS, task: `task/${task}` })),
    );

    assert.deepEqual(findings.hub.active(), [ID]);
    assert.deepEqual(findings.hub.batches, [1]);
  });

  it("sends a finding again when its code changes, and at most once an hour otherwise", async () => {
    const findings = testFindings();
    const launch = async (code: "no-signature" | "signature-revoked", passed: number) => {
      await findings.clock.pass(passed);
      await findings.launchFailed({ ...FACTS, code });
    };

    await launch("no-signature", 0);
    await launch("no-signature", 59 * MINUTE);
    assert.equal(findings.hub.batches.length, 1);
    await launch("signature-revoked", 0);
    await launch("signature-revoked", HOUR);

    assert.equal(findings.hub.batches.length, 3);
    assert.equal(findings.hub.findings.get(ID)?.FindingProviderFields?.Severity?.Label, "CRITICAL");
  });

  it("archives a finding when a launch of the image passes", async () => {
    const findings = testFindings();
    await findings.launchFailed(FACTS);

    await findings.launchPassed(FACTS);

    assert.equal(findings.hub.findings.get(ID)?.RecordState, "ARCHIVED");
    assert.equal(findings.hub.findings.get(ID)?.Compliance?.Status, "PASSED");
  });

  it("sends nothing for an image that has no finding and passes", async () => {
    const findings = testFindings();

    await findings.launchPassed(FACTS);

    assert.deepEqual(findings.hub.batches, []);
  });

  for (const state of ["off", "off, as an error", "denied", "throttled", "answer lost"] as const) {
    it(`keeps what it cannot send while Security Hub is ${state}, and sends it later`, async () => {
      const findings = testFindings();
      findings.hub.behave(state);
      await findings.launchFailed(FACTS);
      await findings.flush();

      findings.hub.behave("on");
      await findings.flush();

      assert.deepEqual(findings.hub.active(), [ID]);
      assert.deepEqual(findings.unsent, [1]);
      const { length } = findings.hub.batches;
      await findings.flush();
      assert.equal(findings.hub.batches.length, length, "sent once");
    });
  }

  it("sends nothing for a finding that has come and gone while Security Hub was off but its archived state", async () => {
    const findings = testFindings();
    findings.hub.behave("off");
    await findings.launchFailed(FACTS);
    await findings.launchPassed(FACTS);

    findings.hub.behave("on");
    await findings.flush();

    assert.deepEqual(findings.hub.active(), []);
  });

  it("tells people once a day that findings are not sent, and counts them each time", async () => {
    const findings = testFindings();
    findings.hub.behave("off");
    await findings.launchFailed(FACTS);
    await findings.launchFailed({ ...FACTS, container: "proxy" });

    await findings.flush();
    await findings.flush();
    assert.equal(findings.announced.length, 1);
    await findings.clock.pass(DAY);
    await findings.flush();

    assert.equal(findings.announced.length, 2);
    assert.deepEqual(findings.unsent, [2, 2, 2]);
    assert.equal(findings.announced[0]?.subject, "FINDINGS NOT SENT: 2 findings in prod");
    assert.match(findings.announced[0]?.text ?? "", /^Why +InvalidAccess: Account 111122223333 is not subscribed/m);
    assert.match(findings.announced[0]?.text ?? "", /^Runbook +docs\/runbook\.md#alarm-findings-unsent$/m);
  });

  it("does not tell people of what one launch could not send: the next attempt decides", async () => {
    const findings = testFindings();
    findings.hub.behave("throttled");

    await findings.launchFailed(FACTS);

    assert.deepEqual([findings.announced, findings.unsent], [[], []]);
    assert.match(findings.failures[0] ?? "", /was not sent yet: ThrottlingException/);
  });

  for (const state of ["off", "off, as an error"] as const) {
    it(`makes one call and changes nothing while Security Hub is ${state}, however much there is to send`, async () => {
      const table = memoryFindings();
      const findings = testFindings({ table });
      findings.hub.behave(state);
      await findings.report(Array.from({ length: 250 }, (_, index) => ({ ...FACTS, container: `c${index}` })));
      const before = structuredClone(table.all);
      await findings.clock.pass(15 * MINUTE);

      await findings.flush();

      assert.deepEqual(findings.hub.batches, [100]);
      assert.deepEqual(findings.unsent, [250]);
      assert.deepEqual(table.all, before);
    });

    it(`advises to turn on Security Hub where it is ${state}`, async () => {
      const findings = testFindings();
      findings.hub.behave(state);
      await findings.launchFailed(FACTS);

      await findings.flush();

      assert.match(findings.announced[0]?.text ?? "", /^Next +Turn on Security Hub CSPM/m);
    });
  }

  it("advises to turn on Security Hub where it is turned off after it has refused a finding", async () => {
    const hub = testHub();
    hub.refuse((id) => id.includes("/c0/"));
    const send = async (command: Parameters<typeof hub.client.send>[0]) => {
      const answer = await hub.client.send(command);
      hub.behave("off");
      return answer;
    };
    const findings = testFindings({ hub: { ...hub, client: { send } as unknown as typeof hub.client } });
    await findings.report(Array.from({ length: 150 }, (_, index) => ({ ...FACTS, container: `c${index}` })));

    await findings.flush();

    assert.deepEqual(findings.unsent, [51]);
    assert.match(findings.announced[0]?.text ?? "", /^Next +Turn on Security Hub CSPM/m);
  });

  it("says that an image was seen when it was, not when its finding is sent again", async () => {
    const findings = testFindings();
    const [opened, seen] = ["2026-06-15T12:00:00.000Z", "2026-06-15T14:00:00.000Z"];
    const observed = () => {
      const { FirstObservedAt, LastObservedAt } = findings.hub.findings.get(ID) ?? {};
      return [FirstObservedAt, LastObservedAt];
    };
    findings.hub.refuse(() => true);
    await findings.launchFailed(FACTS);
    await findings.clock.pass(HOUR);
    await findings.flush();
    findings.hub.refuse(() => false);

    await findings.flush();
    assert.deepEqual(observed(), [opened, opened]);
    assert.equal(findings.hub.findings.get(ID)?.UpdatedAt, "2026-06-15T13:00:00.000Z");
    await findings.clock.pass(HOUR);
    await findings.launchFailed(FACTS);
    assert.deepEqual(observed(), [opened, seen]);
    await findings.clock.pass(HOUR);
    await findings.launchPassed(FACTS);
    assert.deepEqual(observed(), [opened, seen]);
  });

  it("keeps the finding of an image where the same digest of another repository passes", async () => {
    const findings = testFindings();
    await findings.launchFailed(FACTS);

    await findings.launchPassed({ ...FACTS, reference: `registry.example/playground/app:1@${FACTS.digest}` });

    assert.deepEqual(findings.hub.active(), [ID]);
  });

  it("sends the others where one is refused, and tries that one again with a newer time", async () => {
    const findings = testFindings();
    await findings.report(["web", "proxy", "log"].map((container) => ({ ...FACTS, container })));
    findings.hub.refuse((id) => id.includes("/proxy/"));

    await findings.flush();
    assert.equal(findings.hub.active().length, 2);
    assert.deepEqual(findings.unsent, [1]);
    assert.match(findings.announced[0]?.text ?? "", /proxy.*InvalidInput: Invalid parameter/);
    findings.hub.refuse(() => false);
    await findings.flush();

    assert.equal(findings.hub.active().length, 3);
    const proxy = [...findings.hub.findings.values()].find(({ Id }) => Id?.includes("/proxy/"));
    assert.ok(Date.parse(proxy?.UpdatedAt ?? "") > Date.parse(proxy?.CreatedAt ?? ""));
  });

  it("begins no further batch when its time is over, and tells nobody, because the next attempt goes on", async () => {
    const findings = testFindings();
    await findings.report(Array.from({ length: 250 }, (_, index) => ({ ...FACTS, container: `c${index}` })));

    await findings.flush(0);
    assert.deepEqual(findings.hub.batches, [100]);
    await findings.flush();

    assert.equal(findings.hub.active().length, 250);
    assert.deepEqual([findings.unsent, findings.announced], [[], []]);
  });

  it("lets the newest state win where two instances send at the same time", async () => {
    const [hub, table] = [testHub(), memoryFindings()];
    const [one, other] = [testFindings({ hub, table }), testFindings({ hub, table })];
    await one.launchFailed(FACTS);

    await Promise.all([
      one.launchFailed({ ...FACTS, code: "signature-revoked" }),
      other.flush(),
      other.launchFailed({ ...FACTS, code: "signature-revoked" }),
    ]);
    await other.launchPassed(FACTS);
    await one.flush();

    assert.deepEqual(hub.active(), []);
    assert.equal(table.all.get(ID)?.sentAt, table.all.get(ID)?.updatedAt);
  });

  it("sends nothing that the ledger cannot keep, and counts it", async () => {
    const table = memoryFindings();
    const findings = testFindings({ table });
    table.isReached = false;

    await findings.launchFailed(FACTS);
    await findings.launchPassed(FACTS);
    await findings.flush();

    assert.deepEqual([findings.hub.batches, findings.unsent], [[], [1]]);
    assert.equal(await findings.known(), "unreached");
  });

  it("does not keep a launch waiting for a Security Hub that does not answer", async function () {
    this.timeout(20_000);
    const hub = testHub();
    const client = { send: () => new Promise(() => {}) } as unknown as typeof hub.client;
    const findings = testFindings({ hub: { ...hub, client } });

    await findings.launchFailed(FACTS);

    assert.deepEqual(findings.failures, []);
  });

  it("never rejects", async () => {
    const table = memoryFindings();
    const findings = testFindings({
      table: { ...table, read: () => Promise.reject(new Error("no")), readAll: () => Promise.reject(new Error("no")) },
    });

    await findings.launchFailed(FACTS);
    await findings.launchPassed(FACTS);
    await findings.flush();

    assert.equal(findings.failures.length, 3);
  });
});
