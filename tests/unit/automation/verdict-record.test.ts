import assert from "node:assert/strict";
import { readLogLine } from "../../../automation/operations/verdict-record";
import { recordWith } from "../../support/launch";
import { PROFILE_VERSION } from "../verifier/verification/facts";

const SIGNATURE = { digest: `sha256:${"b".repeat(64)}`, profileVersion: PROFILE_VERSION };
const RECORD = recordWith({ code: "signature-valid", signature: SIGNATURE });

const read = (verdict: object) => readLogLine(JSON.stringify({ message: "Image Verdict", verdict }));

describe("a line of the log", () => {
  it("is read as it was written", () => {
    assert.deepEqual(read(RECORD), { kind: "verdict", record: RECORD });
  });

  it("of an older verifier, without where it was judged, what it is about and what counted, is read as it is", () => {
    const { enforcementPoint: _, subject: __, signatures: ___, ...older } = RECORD;

    assert.deepEqual(read(older), { kind: "verdict", record: older });
  });

  it("of a newer verifier is read with fields and values that nobody here knows", () => {
    const newer = {
      ...RECORD,
      code: "digest-blocked",
      response: "refused",
      enforcementPoint: "deployment",
      subject: "deployment",
      deployment: "arn:aws:ecs:eu-west-1:111122223333:service-deployment/orders/checkout/a",
      digest: `sha384:${"b".repeat(96)}`,
      signature: { ...SIGNATURE, requirement: "release" },
      signatures: [{ ...SIGNATURE, requirement: "release" }, SIGNATURE],
      chat: { title: "" },
    };

    assert.deepEqual(read(newer), { kind: "verdict", record: newer });
  });

  for (const [what, verdict, why] of [
    ["of another version", { ...RECORD, version: "3" }, /^version: /],
    ["whose status nobody knows", { ...RECORD, status: "maybe" }, /^status: /],
    ["without its container", { ...RECORD, container: undefined }, /^container: /],
  ] as const) {
    it(`${what} is not readable, and says why`, () => {
      const line = read(verdict);

      assert.equal(line.kind, "unreadable");
      assert.match(line.why, why);
    });
  }

  it("is another one without a verdict", () => {
    assert.deepEqual(readLogLine("REPORT RequestId: 1"), { kind: "other" });
  });
});
