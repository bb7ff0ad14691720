import assert from "node:assert/strict";
import { sweepFleet } from "../support/fleet";

describe("the sweep of a fleet", function () {
  this.timeout(300_000);

  it("misses no task of 20,000, though ECS throttles 5 % of its calls and a worker is killed", async () => {
    const { sweep, begun, throttledCalls } = await sweepFleet({
      clusters: 50,
      tasks: 20_000,
      digests: 500,
      throttled: 20,
      // Without the slow start after a throttled call that is right on AWS.
      listing: { retryMode: "standard" },
    });

    const [summary, ...noMore] = sweep.summaries;
    assert.deepEqual(noMore, []);
    assert.deepEqual(
      [summary?.clusters, summary?.tasks, summary?.containers, summary?.judged, summary?.images],
      [50, 20_000, 20_000, 20_000, 500],
    );
    assert.ok(throttledCalls > 20);
    // Of each digest one, and of what the killed worker had begun another.
    const digests = sweep.verifications.map(({ reference }) => reference);
    assert.equal(new Set(digests).size, 500);
    assert.ok(begun > 0);
    assert.equal(digests.length, 500 + begun);
  });
});
