import assert from "node:assert/strict";
import { UnknownValueError } from "@pulumi/policy";
import * as z from "zod";
import { resourcePolicy } from "../../../policy/resource-policy";
import { unknownText, violationsOf } from "./arguments";

const type = "aws:ecs/taskDefinition:TaskDefinition";

/** A policy whose check fails with what its resource says. */
function failing(fail: (name: string) => unknown) {
  return resourcePolicy({
    name: "failing",
    description: "",
    severity: "low",
    remediationSteps: "",
    enforcementLevel: "mandatory",
    config: z.strictObject({ limit: z.number().optional() }),
    applies: () => true,
    check(_, { name }) {
      throw fail(name);
    },
  });
}

describe("a policy that cannot judge", () => {
  it("reports the reason at its own level, whatever was thrown", async () => {
    for (const [thrown, message] of [
      [new Error("no such folder"), "The policy failing cannot judge: no such folder"],
      ["a text", "The policy failing cannot judge: a text"],
    ] as const) {
      assert.deepEqual(
        await violationsOf(
          failing(() => thrown),
          { type },
        ),
        [message],
      );
    }
  });

  it("says the same reason once in a run, at the resource that has it first", async () => {
    const policy = failing(() => new Error("no such folder"));

    const first = await violationsOf(policy, { type, name: "a" });
    const second = await violationsOf(policy, { type, name: "b" });
    const again = await violationsOf(policy, { type, name: "a" });

    assert.deepEqual([first.length, second.length, again.length], [1, 0, 1]);
  });

  it("says each reason", async () => {
    const policy = failing((name) => new Error(`no folder ${name}`));
    for (const name of ["a", "b"]) {
      assert.match((await violationsOf(policy, { type, name })).join(), new RegExp(`no folder ${name}`));
    }
  });

  it("says it of a configuration as well", async () => {
    const policy = failing(() => new Error("never asked"));
    const given = { type, config: { limit: "x" } };
    const [first, second] = [
      await violationsOf(policy, { ...given, name: "a" }),
      await violationsOf(policy, { ...given, name: "b" }),
    ];
    assert.match(first.join(), /cannot judge with its configuration: limit: .*Fix it under "failing"/);
    assert.deepEqual(second, []);
  });

  it("leaves what a preview does not know to the server", async () => {
    await assert.rejects(
      violationsOf(
        failing(() => new UnknownValueError(unknownText, ["image"])),
        { type },
      ),
      UnknownValueError,
    );
  });
});
