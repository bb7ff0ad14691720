import assert from "node:assert/strict";
import type { Attachment } from "../../../../automation/operations/gate/attachment-state";
import type { CheckedService } from "../../../../automation/operations/gate/check-services";
import { judgeReadiness, type ReadinessFacts } from "../../../../automation/operations/gate/readiness";
import { deploymentRecord } from "../../../support/deployment-records";
import { verdictOf } from "../../../support/launch";

const ATTACHED: Attachment = { state: "attached", mode: "audit", stages: ["PRE_SCALE_UP", "POST_SCALE_UP"] };

/** A service whose revisions have these codes. */
function checkedWith(
  running: "signature-valid" | "no-signature" | "signer-unavailable",
  previous = running,
): CheckedService {
  const revision = (which: "running" | "previous", code: typeof running) => ({
    which,
    revision: undefined,
    taskDefinition: "web:1",
    containers: [{ container: "web", image: "app", verdict: verdictOf({ code }) }],
  });
  const revisions = [revision("running", running), revision("previous", previous)];
  return { service: {}, outcome: { result: "checked", revisions } };
}

const readiness = (changes: Partial<ReadinessFacts> = {}) =>
  judgeReadiness({
    attachment: ATTACHED,
    checked: checkedWith("signature-valid"),
    history: { records: [], errors: 0 },
    ...changes,
  });
const trusted = deploymentRecord({ code: "signature-valid" }, { outcome: "none" });

describe("whether a service is ready to be enforced", () => {
  it("ready: attached, both revisions trusted, nothing in the log but trusted images", () => {
    const exempt = deploymentRecord({ code: "exempted" }, { outcome: "none", deployment: "d2" });

    const { ready, reasons, judged } = readiness({ history: { records: [trusted, exempt], errors: 0 } });

    assert.deepEqual([ready, reasons, judged], ["yes", [], 2]);
  });

  it("ready as well if a verdict was inconclusive at first only", () => {
    const waiting = deploymentRecord({ code: "signer-unavailable" }, { outcome: "waiting" });

    assert.equal(readiness({ history: { records: [waiting, trusted], errors: 0 } }).ready, "yes");
  });

  const denied = deploymentRecord({}, { outcome: "audited" });
  const openEnd = deploymentRecord({ code: "signer-unavailable" }, { outcome: "none" });
  const cases: readonly (readonly [
    what: string,
    changes: Partial<ReadinessFacts>,
    ready: string,
    kinds: readonly string[],
  ])[] = [
    ["not attached", { attachment: { ...ATTACHED, state: "not-attached" } }, "no", ["not-attached"]],
    [
      "attached at one stage only",
      { attachment: { ...ATTACHED, state: "attached-otherwise" } },
      "no",
      ["attached-otherwise"],
    ],
    ["cannot have hooks", { attachment: { ...ATTACHED, state: "cannot-have-hooks" } }, "no", ["not-attached"]],
    ["what runs is denied", { checked: checkedWith("no-signature", "signature-valid") }, "no", ["denied-now"]],
    ["the way back is denied", { checked: checkedWith("signature-valid", "no-signature") }, "no", ["denied-now"]],
    [
      "what runs cannot be judged",
      { checked: checkedWith("signer-unavailable", "signature-valid") },
      "unknown",
      ["inconclusive-now"],
    ],
    [
      "what runs cannot be read",
      { checked: { service: {}, outcome: { result: "failed", error: new Error() } } },
      "unknown",
      ["not-checked"],
    ],
    ["a denial in the log", { history: { records: [denied, trusted], errors: 0 } }, "no", ["refused-before"]],
    ["let through without a verdict", { history: { records: [openEnd], errors: 0 } }, "no", ["refused-before"]],
    ["an error of the gate", { history: { records: [trusted], errors: 2 } }, "no", ["gate-errors"]],
    ["the log is not known", { history: undefined }, "unknown", ["log-not-read"]],
    [
      "the log is not known, and what runs is denied",
      { history: undefined, checked: checkedWith("no-signature", "signature-valid") },
      "no",
      ["denied-now", "log-not-read"],
    ],
  ];
  for (const [what, changes, ready, kinds] of cases) {
    it(`${ready}: ${what}`, () => {
      const found = readiness(changes);

      assert.deepEqual([found.ready, found.reasons.map(({ kind }) => kind)], [ready, kinds]);
    });
  }

  it("names the last denial and counts deployments, not containers", () => {
    const records = [
      deploymentRecord({}, { deployment: "d1", container: "a" }),
      deploymentRecord({}, { deployment: "d1", container: "b" }),
      deploymentRecord({ code: "signature-revoked" }, { deployment: "d2", container: "c" }),
    ];

    const [reason] = readiness({ history: { records, errors: 0 } }).reasons;

    assert.ok(reason?.kind === "refused-before");
    assert.deepEqual([reason.deployments, reason.last.container, reason.last.code], [2, "c", "signature-revoked"]);
  });
});
