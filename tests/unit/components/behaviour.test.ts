import assert from "node:assert/strict";
import { getStack } from "@pulumi/pulumi";
import { readBehaviour } from "../../../components/behaviour";
import type { BehaviourArgs } from "../../../verifier/src/behaviour";
import { BEHAVIOUR } from "./settings";

describe("the behaviour that a program gives the component", () => {
  it("has the defaults of docs/configuration.md", () => {
    assert.deepEqual(readBehaviour("app", { environment: "dev", mode: "audit" }), BEHAVIOUR);
  });

  it("is that of an environment in audit with the stack's name, if the program says nothing", () => {
    assert.deepEqual(readBehaviour("app"), { ...BEHAVIOUR, environment: getStack(), mode: "audit" });
  });

  it("is refused if the ledger would forget an exemption before its end", () => {
    assert.throws(
      () => readBehaviour("app", { environment: "dev", mode: "audit", ledgerDays: 1, exemptionHours: 72 }),
      {
        name: "BehaviourError",
        message: /behaviour\.ledgerDays is 1 and must be longer than exemptionHours, which is 72/,
      },
    );
  });

  it("is refused with every setting that is out of its range or unknown", () => {
    const args = { environment: "dev", giveUpAfterSeconds: 500, stopBudgets: 3 } as unknown as BehaviourArgs;

    assert.throws(() => readBehaviour("app", args), {
      name: "BehaviourError",
      message:
        /^ImageVerification app: behaviour\.giveUpAfterSeconds is 500 and must be a whole number from 0 to 180, in seconds; behaviour\.stopBudgets is not one of environment, mode, /,
    });
  });
});
