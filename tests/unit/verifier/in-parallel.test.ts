import assert from "node:assert/strict";
import { setImmediate as soon } from "node:timers/promises";
import { inParallel } from "../../../verifier/src/in-parallel";

describe("working on several at a time", () => {
  it("gives the results in order, and never works on more than the limit", async () => {
    let running = 0;
    let most = 0;
    const work = async (item: number) => {
      running += 1;
      most = Math.max(most, running);
      for (let turn = 0; turn < 5 - item; turn += 1) await soon();
      running -= 1;
      return item * 10;
    };

    const results: number[] = [];
    for await (const one of inParallel([0, 1, 2, 3, 4, 5], 3, work)) results.push(one);

    assert.deepEqual(results, [0, 10, 20, 30, 40, 50]);
    assert.equal(most, 3);
  });

  it("rejects with the first failure, when it is its turn", async () => {
    const results: number[] = [];
    const failing = async () => {
      const work = async (item: number) => {
        if (item > 1) throw new Error(`item ${item}`);
        return item;
      };
      for await (const one of inParallel([0, 1, 2, 3], 4, work)) results.push(one);
    };

    await assert.rejects(failing, /item 2/);
    assert.deepEqual(results, [0, 1]);
  });

  it("goes on with the others while the first is slow", async () => {
    const begun: number[] = [];
    let finish = () => {};
    const first = new Promise<void>((done) => {
      finish = done;
    });
    const work = async (item: number) => {
      begun.push(item);
      if (item === 0) await first;
      if (item === 3) finish();
      return item;
    };

    const results: number[] = [];
    for await (const one of inParallel([0, 1, 2, 3], 2, work)) results.push(one);

    assert.deepEqual(
      [begun, results],
      [
        [0, 1, 2, 3],
        [0, 1, 2, 3],
      ],
    );
  });

  it("begins nothing new once nobody wants more", async () => {
    const begun: number[] = [];
    const work = async (item: number) => {
      begun.push(item);
      if (item > 0) await soon();
      return item;
    };

    for await (const one of inParallel([0, 1, 2, 3, 4, 5], 2, work)) {
      assert.equal(one, 0);
      break;
    }
    for (let turn = 0; turn < 5; turn += 1) await soon();

    assert.ok(begun.length <= 3, String(begun));
  });

  it("has nothing to do for nothing", async () => {
    for await (const _ of inParallel([], 3, async () => assert.fail())) assert.fail();
  });
});
