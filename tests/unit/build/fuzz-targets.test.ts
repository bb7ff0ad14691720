import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fuzzTargets, isOnlyOutOfTime, shareOf } from "../../../build/fuzz-targets";

const MODULE = resolve(__dirname, "../../../verifier/notation");
/** Bytes. What fuzzing keeps beyond it belongs into Go's cache, not into the repository. */
const MAX_CORPUS = 128 * 1024;

describe("fuzzing", () => {
  it("has targets for envelopes, lists, request lines and references", async () => {
    const targets = (await fuzzTargets(MODULE)).map(({ package: folder, name }) => `${folder} ${name}`);

    for (const expected of [
      "./internal/envelope FuzzExamine",
      "./internal/protocol FuzzServe",
      "./internal/registry FuzzDecodeIndex",
      "./internal/registry FuzzReference",
    ]) {
      assert.ok(targets.includes(expected), `${expected} is not among ${targets}`);
    }
  });

  it("has seeds for each target and none for others, small and without a path of a machine", async () => {
    const targets = await fuzzTargets(MODULE);
    const corpus = (await readdir(MODULE, { recursive: true })).filter((file) =>
      /testdata\/fuzz\/\w+\/[^/]+$/.test(file),
    );
    const folders = new Set(corpus.map((file) => `./${file.replace("/testdata/fuzz/", " ").replace(/\/[^/]+$/, "")}`));

    assert.deepEqual([...folders].sort(), targets.map(({ package: folder, name }) => `${folder} ${name}`).sort());
    const texts = await Promise.all(corpus.map((file) => readFile(join(MODULE, file), "utf8")));
    const size = texts.reduce((sum, text) => sum + text.length, 0);
    assert.ok(size <= MAX_CORPUS, `${size} bytes`);
    assert.deepEqual(
      corpus.filter((_, index) => /\/(?:home|root|tmp|work|Users)\//.test(texts[index] ?? "")),
      [],
    );
  });

  it("finds nothing where Go fails because the time was over, and something where an input failed as well", () => {
    const over = [
      "fuzz: elapsed: 1s, execs: 9 (9/sec)",
      "--- FAIL: FuzzServe (1.04s)",
      "    context deadline exceeded",
      "FAIL",
    ];

    assert.equal(isOnlyOutOfTime(over.join("\n")), true);
    assert.equal(
      isOnlyOutOfTime([...over, "    Failing input written to testdata/fuzz/FuzzServe/1"].join("\n")),
      false,
    );
    assert.equal(isOnlyOutOfTime("--- FAIL: FuzzServe (0.01s)\n    serve_test.go:9: context deadline exceeded"), false);
  });

  for (const [time, targets, seconds] of [
    ["60s", 7, 8],
    ["5m", 4, 75],
    ["1h", 1, 3600],
    ["3s", 7, 1],
  ] as const) {
    it(`gives each of ${targets} targets ${seconds} s of ${time}`, () => {
      assert.equal(shareOf(time, targets), seconds);
    });
  }

  for (const time of ["60", "0s", "-5m", "1.5m", "1d", "1h30m", ""]) {
    it(`refuses the time "${time}" and says how to write it`, () => {
      assert.throws(() => shareOf(time, 7), /is not a time: write seconds, minutes or hours, like 60s/);
    });
  }
});
