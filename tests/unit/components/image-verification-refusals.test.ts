import assert from "node:assert/strict";
import { ImageVerification } from "../../../components/image-verification";
import type { GateArgs, ImageVerificationArgs } from "../../../components/image-verification-args";
import { TrustDocumentError } from "../../../trust/problem";
import { ARGS, run } from "./environment-run";
import { MACHINE } from "./machine";
import { runProgram } from "./run-program";
import { BEHAVIOUR, TRUST } from "./settings";

describe("what ImageVerification refuses before it makes anything", () => {
  it("tells what is wrong with the trust document in this place, without a stack trace", async () => {
    const trust = { ...TRUST, registries: [...TRUST.registries, "111122223333.dkr.ecr.us-gov-west-1.amazonaws.com"] };

    await assert.rejects(run({ trust }), (error: Error) => {
      assert.ok(error instanceof TrustDocumentError);
      assert.match(error.message, /is in the partition aws-us-gov/);
      // Pulumi puts the way to the property in front of the message.
      assert.ok(error.message.endsWith(error.stack ?? ""));
      return true;
    });
  });

  it("names every mistake in a trust document before it makes anything, without a stack trace", async () => {
    const [statement] = TRUST.statements;
    const trust = { registries: ["SELF"], statements: [{ ...statement, name: "" }] } as ImageVerificationArgs["trust"];

    await assert.rejects(run({ trust }), (error: Error) => {
      assert.ok(error instanceof TrustDocumentError);
      assert.match(error.message, /^The trust document of ImageVerification app has 2 problems\./);
      assert.match(error.message, /registries\[0\]/);
      assert.equal(error.stack, error.message);
      return true;
    });
  });

  for (const [title, gate, message] of [
    ["in audit before a detector that enforces", {}, /gate\.mode is "audit": it does not fit the environment's mode/],
    [
      "that could be opened too long",
      { mode: "enforce", open: { maxHours: 96 } },
      /maxHours must be a whole number from 1 to 72/,
    ],
    ["that could be opened for half an hour", { mode: "enforce", open: { maxHours: 0.5 } }, /gate\.open is \{.*0\.5/],
    ["of listed services without a list", { mode: "enforce", attach: "listed" }, /gate\.services is \[\]: it names no/],
    [
      "that enforces everywhere and in one place",
      { mode: "enforce", enforce: { clusters: ["arn:cluster"] } },
      /gate\.enforce is .*: it contradicts gate\.mode/,
    ],
  ] as const) {
    it(`refuses a gate ${title}, before anything is made`, async () => {
      const behaviour = { ...BEHAVIOUR, mode: "enforce" } as const;

      const result = await runProgram(() => {
        const make = () =>
          new ImageVerification("app", { ...ARGS, behaviour, gate: structuredClone(gate) as GateArgs });
        assert.throws(make, { name: "GateSettingsError", message });
      });

      assert.deepEqual(result.resources, []);
    });
  }

  for (const [title, sweep, message] of [
    [
      "that stops what the detector lets run",
      { mode: "enforce" },
      /sweep\.mode is "enforce": it does not fit the environment's mode/,
    ],
    [
      "that is never made",
      { everyHours: 0 },
      /sweep\.everyHours is 0: it is no time between two runs.* whole number from 1 to 24/,
    ],
  ] as const) {
    it(`refuses a sweep ${title}, before anything is made`, async () => {
      const result = await runProgram(() => {
        const make = () => new ImageVerification("app", { ...ARGS, behaviour: { ...BEHAVIOUR, mode: "audit" }, sweep });
        assert.throws(make, { name: "SweepSettingsError", message });
      });

      assert.deepEqual(result.resources, []);
    });
  }

  it("refuses a canary without the sample, before anything is made", async () => {
    const result = await runProgram(() => {
      const make = () => new ImageVerification("app", { ...ARGS, canary: { subnets: ["subnet-0123456789abcdef0"] } });
      assert.throws(make, { name: "CanaryWithoutSampleError", message: /Set sampleWorkload to true/ });
    });

    assert.deepEqual(result.resources, []);
  });

  for (const everyHours of [0, 1.5, 48]) {
    it(`refuses a canary every ${everyHours} hours, before anything is made`, async () => {
      const canary = { subnets: ["subnet-0123456789abcdef0"], everyHours };

      const result = await runProgram(() => {
        const make = () => new ImageVerification("app", { ...ARGS, sampleWorkload: true, canary });
        assert.throws(make, {
          name: "CanarySettingsError",
          message: new RegExp(`canary\\.everyHours is ${everyHours}: .* whole number from 1 to 24`),
        });
      });

      assert.deepEqual(result.resources, []);
    });
  }

  it("makes nothing when nothing can sign the sample", async () => {
    let made = -1;

    const result = await runProgram(() => {
      assert.throws(
        () =>
          new ImageVerification("app", {
            ...ARGS,
            sampleWorkload: true,
            machine: { DOCKER_HOST: MACHINE.DOCKER_HOST, PATH: "" },
          }),
        /The sample workload cannot be signed on this machine/,
      );
      made = 0;
    });

    assert.deepEqual([made, result.resources], [0, []]);
  });
});
