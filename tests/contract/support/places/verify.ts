import assert from "node:assert/strict";
import type { Operator } from "./operator";
import { type Place, toPlaceVerdict } from "./place";

/** `verify` of the references of the task. */
export const verifyCommand = (operator: Operator): Place => ({
  name: "verify",
  async judge(task) {
    const references = task.containers.map(({ image }) => image.reference);
    const { stdout, isRefused } = await operator.call(task, {}, "verify", ...references);
    // A line for each reference, in their order.
    const verdicts = stdout.trim().split("\n");
    assert.equal(verdicts.length, references.length, stdout);
    const containers = task.containers.map(({ name }, index) => [
      name,
      toPlaceVerdict(JSON.parse(verdicts[index] ?? "")),
    ]);
    return { containers: Object.fromEntries(containers), isRefused };
  },
});
