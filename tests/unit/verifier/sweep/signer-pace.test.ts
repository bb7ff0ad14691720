import assert from "node:assert/strict";
import { createPace } from "../../../../verifier/src/sweep/pace";
import { paceJudge } from "../../../../verifier/src/sweep/signer-pace";
import { imageSubject } from "../../../../verifier/src/verification/subject";
import type { Verdict } from "../../../../verifier/src/verification/verdict";

/** A clock that moves only by pauses. */
function clock() {
  let time = 1000;
  return {
    now: () => time,
    pause: async (milliseconds: number) => {
      time += milliseconds;
    },
    add(milliseconds: number) {
      time += milliseconds;
    },
  };
}

describe("the pace of calls", () => {
  it("lets so many begin in a second", async () => {
    const time = clock();
    const pace = createPace({ ...time, perSecond: 20 });

    for (let call = 0; call < 41; call += 1) await pace.begin();

    assert.equal(time.now() - 1000, 2000);
  });

  it("does not make up for a time without calls", async () => {
    const time = clock();
    const pace = createPace({ ...time, perSecond: 20 });
    await pace.begin();
    time.add(10_000);

    for (let call = 0; call < 3; call += 1) await pace.begin();

    assert.equal(time.now() - 11_000, 100);
  });

  it("makes those wait that come at the same time", async () => {
    const waits: number[] = [];
    const pace = createPace({ now: () => 0, pause: async (wait) => void waits.push(wait), perSecond: 20 });

    await Promise.all([pace.begin(), pace.begin(), pace.begin()]);

    assert.deepEqual(waits, [50, 100]);
  });

  it("counts the further signatures of an image with several, and no call for what is no image", async () => {
    const time = clock();
    const counted = [{ digest: "1" }, { digest: "2" }, { digest: "3" }];
    const verdict = { status: "trusted", code: "signature-valid", counted } as unknown as Verdict;
    const judge = paceJudge(async () => verdict, createPace({ ...time, perSecond: 20 }));

    await judge(imageSubject({ container: "web", image: "app", hasStarted: true }));
    await judge({ kind: "aws-injected", container: "aws-guardduty-agent-1" });
    assert.equal(time.now(), 1000);
    await judge(imageSubject({ container: "web", image: "app", hasStarted: true }));

    assert.equal(time.now() - 1000, 150);
  });
});
