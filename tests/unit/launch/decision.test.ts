import assert from "node:assert/strict";
import { decide } from "../../../verifier/src/launch/decision";
import type { ReasonCode } from "../../../verifier/src/verdict";
import { containerVerdict } from "../../support/launch";

const CODES = {
  trusted: "signature-valid",
  denied: "no-signature",
  inconclusive: "registry-unavailable",
  exempt: "exempted",
} as const satisfies Record<string, ReasonCode>;

describe("what the verdicts on a launch come to", () => {
  const young = 149;
  const old = 150;
  const table: [(keyof typeof CODES)[], number, "alert" | "deny", string, boolean][] = [
    [["trusted", "exempt"], old, "deny", "trusted", false],
    [[], old, "deny", "trusted", false],
    [["denied", "trusted"], young, "alert", "denied", false],
    [["inconclusive"], young, "alert", "inconclusive", true],
    [["inconclusive"], young, "deny", "inconclusive", true],
    [["inconclusive"], old, "alert", "inconclusive", false],
    [["inconclusive"], old, "deny", "denied", false],
    [["trusted", "inconclusive"], old, "deny", "denied", false],
    [["inconclusive", "denied"], young, "alert", "denied", true],
    [["inconclusive", "denied"], old, "alert", "denied", false],
    [["inconclusive"], -5, "deny", "inconclusive", true],
  ];
  for (const [statuses, age, onInconclusive, status, again] of table) {
    const given = statuses.join(", ") || "nothing to judge";
    it(`${given}, ${age} s old, on inconclusive ${onInconclusive}: ${status}${again ? ", to be judged again" : ""}`, () => {
      const containers = statuses.map((one) => containerVerdict({ code: CODES[one] }));

      const decision = decide(
        containers,
        { ageSeconds: age, canWait: false },
        { giveUpAfterSeconds: 150, onInconclusive },
      );

      assert.deepEqual(decision, { status, again });
    });
  }

  it("is never final without having been found out where it can wait, however old the event", () => {
    const containers = [containerVerdict({ code: "registry-unavailable" })];
    const settings = { giveUpAfterSeconds: 0, onInconclusive: "alert" } as const;

    const decision = decide(containers, { ageSeconds: 7200, canWait: true }, settings);

    assert.deepEqual(decision, { status: "inconclusive", again: true });
  });
});
