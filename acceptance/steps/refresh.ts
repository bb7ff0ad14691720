import type { Context } from "../context";
import { findDrift } from "../pulumi-state";
import { defineStep } from "../step";

/** Compares the state with the resources in AWS. */
export const refresh = defineStep({
  id: "refresh",
  title: "Compare the state with AWS",
  proves: "`pulumi refresh` finds no difference: AWS keeps what it was given, and adds nothing of its own.",
  needs: ["deploy"],
  settles: ["lambda-repository-policy"],
  async run({ settings, pulumi, signal }: Context) {
    const drift = await findDrift(settings, pulumi, signal);
    if (drift.length > 0) throw new Error(`There are differences:\n${drift.join("\n")}`);
    return {
      text: "No differences.",
      assumptions: {
        "lambda-repository-policy": "Lambda has added nothing to the policy of the verifier's repository.",
      },
    };
  },
});
