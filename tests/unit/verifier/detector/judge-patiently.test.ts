import assert from "node:assert/strict";
import { judgePatiently } from "../../../../verifier/src/detector/judge-patiently";
import type { LaunchVerdict } from "../../../../verifier/src/ecs/launch-verdict";
import { containerVerdict } from "../../../support/launch";

const open = { status: "inconclusive", containers: [containerVerdict({ code: "signer-unavailable" })] } as const;
const settled = { status: "trusted", containers: [containerVerdict({ code: "signature-valid" })] } as const;

function scene(remainingMs: number, ...answers: LaunchVerdict[]) {
  const pauses: number[] = [];
  let judged = 0;
  const verdict = judgePatiently(async () => answers[judged++] ?? assert.fail("judged too often"), {
    remainingMs: () => remainingMs,
    verificationMs: 10_000,
    pause: async (milliseconds) => pauses.push(milliseconds),
    isDue: ({ status }) => status === "denied",
  });
  return { verdict, pauses, judged: () => judged };
}

describe("judging within one invocation", () => {
  it("is done at once when nothing is inconclusive", async () => {
    const { verdict, pauses } = scene(60_000, settled);

    assert.equal((await verdict).status, "trusted");
    assert.deepEqual(pauses, []);
  });

  it("is done again, with longer pauses, until it is settled", async () => {
    const { verdict, pauses } = scene(60_000, open, open, settled);

    assert.equal((await verdict).status, "trusted");
    assert.deepEqual(pauses, [1000, 4000]);
  });

  it("gives up after two repetitions", async () => {
    const { verdict, judged } = scene(60_000, open, open, open);

    assert.equal((await verdict).status, "inconclusive");
    assert.equal(judged(), 3);
  });

  it("does not begin what the invocation has no time for", async () => {
    const { verdict, pauses } = scene(20_999, open);

    assert.equal((await verdict).status, "inconclusive");
    assert.deepEqual(pauses, []);
  });

  it("is not done again for the container that is inconclusive beside a denied one, for whose stop nobody shall wait", async () => {
    const mixed = { status: "denied", containers: [containerVerdict(), ...open.containers] } as const;
    const { verdict, pauses } = scene(60_000, mixed);

    assert.equal((await verdict).status, "denied");
    assert.deepEqual(pauses, []);
  });
});
