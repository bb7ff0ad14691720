import assert from "node:assert/strict";
import { endSigningTime } from "../../../../verifier/src/detector/signing-time";
import { toLaunchVerdict } from "../../../../verifier/src/ecs/launch-verdict";
import type { ReasonCode } from "../../../../verifier/src/verification/verdict";
import { containerVerdict } from "../../../support/launch";

describe("the time that ECR's managed signing gets", () => {
  const table: [ReasonCode[], age: number, giveUp: number, ReasonCode[], status: string][] = [
    [["signing-in-progress"], 149.9, 150, ["signing-in-progress"], "inconclusive"],
    [["signing-in-progress"], 150, 150, ["no-signature"], "denied"],
    [["signing-in-progress"], 7200, 150, ["no-signature"], "denied"],
    [["signing-in-progress"], 0, 0, ["no-signature"], "denied"],
    [["signing-in-progress"], -5, 150, ["signing-in-progress"], "inconclusive"],
    [["signature-valid", "signing-in-progress"], 150, 150, ["signature-valid", "no-signature"], "denied"],
    [["signer-unavailable", "signing-in-progress"], 150, 150, ["signer-unavailable", "no-signature"], "denied"],
    [["signer-unavailable"], 150, 150, ["signer-unavailable"], "inconclusive"],
    [["signature-valid", "exempted"], 150, 150, ["signature-valid", "exempted"], "trusted"],
    [[], 150, 150, [], "trusted"],
  ];
  for (const [given, age, giveUpAfterSeconds, codes, status] of table) {
    it(`${given.join(", ") || "nothing"}, ${age} of ${giveUpAfterSeconds} s: ${codes.join(", ") || "nothing"}`, () => {
      const containers = given.map((code) => containerVerdict({ code }));

      const ended = endSigningTime(containers, age, { giveUpAfterSeconds });

      assert.deepEqual(
        ended.map((one) => one.verdict.code),
        codes,
      );
      assert.equal(toLaunchVerdict(ended).status, status);
    });
  }

  it("is over with a denial that says so, about the same digest, and as provisional as before", () => {
    const open = containerVerdict({ code: "signing-in-progress", detail: "at work with X", provisional: true });

    const containers = endSigningTime([open], 180.4, { giveUpAfterSeconds: 150 });

    assert.deepEqual(containers, [
      {
        container: open.container,
        verdict: {
          ...open.verdict,
          status: "denied",
          code: "no-signature",
          detail: "at work with X; it was still in progress when the time limit was reached, 180 s after the event",
        },
      },
    ]);
  });
});
