import assert from "node:assert/strict";
import { type SweepSettings, sweepContradictions } from "../../../../components/sweep/sweep-contradictions";

const settingsOf = (sweep: SweepSettings, detector: "audit" | "enforce") =>
  sweepContradictions(sweep, detector).map(({ setting }) => setting);

describe("the settings of a sweep", () => {
  for (const [sweep, detector] of [
    [{}, "audit"],
    [{}, "enforce"],
    [{ everyHours: 1, mode: "audit" }, "enforce"],
    [{ everyHours: 24, mode: "enforce" }, "enforce"],
  ] as const) {
    it(`fit: ${JSON.stringify(sweep)} beside mode ${detector}`, () => {
      assert.deepEqual(settingsOf(sweep, detector), []);
    });
  }

  it("do not stop what the detector lets run", () => {
    const [found] = sweepContradictions({ mode: "enforce" }, "audit");

    assert.deepEqual([found?.setting, found?.value], ["mode", "enforce"]);
    assert.match(found?.message ?? "", /would start unhindered, and be stopped hours later/);
  });

  for (const everyHours of [0, -6, 25, 1.5, Number.NaN]) {
    it(`have no interval of ${everyHours} hours`, () => {
      assert.deepEqual(settingsOf({ everyHours }, "audit"), ["everyHours"]);
    });
  }
});
