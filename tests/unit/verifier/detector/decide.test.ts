import assert from "node:assert/strict";
import { decide } from "../../../../verifier/src/detector/decide";
import type { ReasonCode } from "../../../../verifier/src/verification/verdict";
import { containerVerdict } from "../../../support/launch";

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

  for (const [onInconclusive, expected] of [
    ["alert", { status: "inconclusive", again: true }],
    ["deny", { status: "denied", again: false }],
  ] as const) {
    it(`where it can wait, does not let an old event go, on inconclusive ${onInconclusive}: ${expected.status}`, () => {
      const containers = [containerVerdict({ code: "registry-unavailable" })];

      const decision = decide(
        containers,
        { ageSeconds: 7200, canWait: true },
        { giveUpAfterSeconds: 0, onInconclusive },
      );

      assert.deepEqual(decision, expected);
    });
  }
});
