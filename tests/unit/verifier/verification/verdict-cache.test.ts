import assert from "node:assert/strict";
import { type ReasonCode, toStatus, type Verdict } from "../../../../verifier/src/verification/verdict";
import { type VerdictCacheOptions, verdictCache } from "../../../../verifier/src/verification/verdict-cache";

const START = Date.parse("2026-03-02T08:00:00Z");
const DIGEST = `sha256:${"a".repeat(64)}`;
const KEY = `registry.example/app@${DIGEST}`;

function verdictOf(code: ReasonCode, more: Partial<Verdict> = {}): Verdict {
  return {
    status: toStatus(code),
    code,
    detail: "because",
    reference: "registry.example/app:1",
    digest: DIGEST,
    provisional: false,
    milliseconds: 7,
    ...more,
  };
}

function setUp(options: Partial<VerdictCacheOptions> = {}) {
  const clock = { time: START };
  const cache = verdictCache({ trustedTtlMs: 300_000, max: 100, now: () => clock.time, ...options });
  const runs: string[] = [];
  const judge = (verdict: Verdict, key = KEY) =>
    cache.judge(key, async () => {
      runs.push(key);
      return verdict;
    });
  return { clock, cache, runs, judge };
}

/** A verification that ends when the test says so. */
function openVerification() {
  let end: (verdict: Verdict) => void = () => {};
  let fail: (error: Error) => void = () => {};
  let runs = 0;
  const verdict = new Promise<Verdict>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  const verify = () => {
    runs += 1;
    return verdict;
  };
  return { verify, end, fail, runs: () => runs };
}

describe("verdictCache, what is kept", () => {
  const kept: [ReasonCode, number][] = [
    ["signature-valid", 300_000],
    ["no-signature", 60_000],
    ["signature-revoked", 60_000],
  ];
  for (const [code, ttl] of kept) {
    it(`keeps ${code} for ${ttl} ms and not longer`, async () => {
      const { clock, judge, runs } = setUp();
      await judge(verdictOf(code));

      clock.time = START + ttl - 1;
      const again = await judge(verdictOf("image-not-found"));
      clock.time = START + ttl;
      const later = await judge(verdictOf("image-not-found"));

      assert.deepEqual([again.code, later.code], [code, "image-not-found"]);
      assert.equal(runs.length, 2);
    });
  }

  for (const code of ["registry-unavailable", "signing-in-progress", "exempted", "aws-injected"] as const) {
    it(`never keeps ${code}`, async () => {
      const { judge, runs } = setUp();

      await judge(verdictOf(code));
      await judge(verdictOf(code));

      assert.equal(runs.length, 2);
    });
  }

  it("never keeps a provisional verdict", async () => {
    const { judge, runs } = setUp();

    await judge(verdictOf("signature-valid", { provisional: true }));
    await judge(verdictOf("signature-valid"));

    assert.equal(runs.length, 2);
  });

  it("takes the times that it is given; 0 keeps nothing", async () => {
    const { clock, judge, runs } = setUp({ trustedTtlMs: 0, deniedTtlMs: 5 });

    await judge(verdictOf("signature-valid"));
    await judge(verdictOf("no-signature"));
    clock.time += 4;
    await judge(verdictOf("no-signature"));

    assert.equal(runs.length, 2);
  });

  it("does not keep a trusted verdict beyond the end of the signatures that counted", async () => {
    const { clock, judge, runs } = setUp();
    await judge(verdictOf("signature-valid", { validUntil: new Date(START + 10_000).toISOString() }));

    clock.time = START + 9_999;
    await judge(verdictOf("signature-expired"));
    assert.equal(runs.length, 1);
    clock.time = START + 10_000;
    const later = await judge(verdictOf("signature-expired"));

    assert.equal(later.code, "signature-expired");
  });

  it("does not let a far expiry lengthen the time", async () => {
    const { clock, judge, runs } = setUp();
    const validUntil = "2036-01-01T00:00:00Z";
    await judge(verdictOf("signature-valid", { validUntil }));

    clock.time = START + 300_000;
    await judge(verdictOf("signature-valid", { validUntil }));

    assert.equal(runs.length, 2);
  });

  it("does not keep a trusted verdict whose expiry cannot be read", async () => {
    const { judge, runs } = setUp();
    const validUntil = "soon";

    await judge(verdictOf("signature-valid", { validUntil }));
    await judge(verdictOf("signature-valid", { validUntil }));

    assert.equal(runs.length, 2);
  });

  it("counts the time from the start of the verification, when the revocation may have been asked", async () => {
    const { clock, cache, judge, runs } = setUp();
    const open = openVerification();
    const slow = cache.judge(KEY, open.verify);
    clock.time = START + 20_000;
    open.end(verdictOf("signature-valid"));
    await slow;

    clock.time = START + 300_000;
    await judge(verdictOf("signature-revoked"));

    assert.equal(runs.length, 1);
  });

  it("does not use a verdict from the future, after the clock was set back", async () => {
    const { clock, judge, runs } = setUp();
    await judge(verdictOf("signature-valid"));

    clock.time = START - 1;
    await judge(verdictOf("signature-valid"));

    assert.equal(runs.length, 2);
  });

  it("keeps digests apart, and no more of them than it is told to", async () => {
    const { judge, runs } = setUp({ max: 2 });

    for (const key of ["a", "b", "b", "a", "c", "a", "b"]) await judge(verdictOf("signature-valid"), key);

    assert.deepEqual(runs, ["a", "b", "c", "b"]);
  });
});

describe("verdictCache, callers at the same time", () => {
  it("share one verification of a digest, a thousand of them", async () => {
    const { cache } = setUp();
    const open = openVerification();

    const all = Promise.all(Array.from({ length: 1000 }, () => cache.judge(KEY, open.verify)));
    open.end(verdictOf("signature-valid"));
    const verdicts = await all;

    assert.equal(open.runs(), 1);
    assert.ok(verdicts.every(({ code }) => code === "signature-valid"));
  });

  it("make twenty verifications for a thousand launches over twenty digests", async () => {
    const { judge, runs } = setUp();

    await Promise.all(Array.from({ length: 1000 }, (_, n) => judge(verdictOf("signature-valid"), `app@${n % 20}`)));

    assert.equal(runs.length, 20);
  });

  it("share an inconclusive verdict, which the next caller asks for again", async () => {
    const { cache, judge, runs } = setUp();
    const open = openVerification();

    const both = Promise.all([cache.judge(KEY, open.verify), cache.judge(KEY, open.verify)]);
    open.end(verdictOf("signer-unavailable"));
    const verdicts = await both;
    await judge(verdictOf("signature-valid"));

    assert.deepEqual(
      verdicts.map(({ code }) => code),
      ["signer-unavailable", "signer-unavailable"],
    );
    assert.equal(open.runs(), 1);
    assert.equal(runs.length, 1);
  });

  it("are all told of a failure, which is not kept", async () => {
    const { cache, judge } = setUp();
    const open = openVerification();

    const both = Promise.allSettled([cache.judge(KEY, open.verify), cache.judge(KEY, open.verify)]);
    open.fail(new Error("process ended"));
    const outcomes = await both;
    const verdict = await judge(verdictOf("signature-valid"));

    assert.deepEqual(
      outcomes.map((outcome) => outcome.status === "rejected" && outcome.reason.message),
      ["process ended", "process ended"],
    );
    assert.equal(verdict.code, "signature-valid");
  });

  it("are told of a verification that fails before it begins", async () => {
    const { cache } = setUp();

    const asked = cache.judge(KEY, () => {
      throw new Error("not even started");
    });

    await assert.rejects(asked, { message: "not even started" });
  });

  it("do not join a verification that a frozen environment left over, whose verdict is then not kept", async () => {
    const { clock, cache, judge, runs } = setUp();
    const stale = openVerification();
    const first = cache.judge(KEY, stale.verify);

    clock.time = START + 60_000;
    const second = await judge(verdictOf("signature-revoked"));
    stale.end(verdictOf("signature-valid"));
    const late = await first;
    const third = await judge(verdictOf("signature-valid"));

    assert.deepEqual(
      [late.code, second.code, third.code],
      ["signature-valid", "signature-revoked", "signature-revoked"],
    );
    assert.equal(runs.length, 1);
  });
});

describe("verdictCache, the verdict given", () => {
  it("is the one of the verification, with the time that each caller has waited", async () => {
    const { clock, cache, judge } = setUp();
    const open = openVerification();

    const first = cache.judge(KEY, open.verify);
    clock.time += 30;
    const second = cache.judge(KEY, open.verify);
    clock.time += 12;
    open.end(verdictOf("signature-valid"));
    const verdicts = await Promise.all([first, second]);
    const third = await judge(verdictOf("no-signature"));

    assert.deepEqual(
      [...verdicts, third],
      [42, 12, 0].map((milliseconds) => verdictOf("signature-valid", { milliseconds })),
    );
  });
});

describe("verdictCache, what it tells of each caller", () => {
  it("calls a kept verdict and a shared verification a hit, and a verification of its own a miss", async () => {
    const asked: boolean[] = [];
    const { cache, clock } = setUp({ onAsked: (isHit) => void asked.push(isHit) });
    const { verify, end } = openVerification();

    const both = [cache.judge(KEY, verify), cache.judge(KEY, verify)];
    end(verdictOf("signature-valid"));
    await Promise.all(both);
    await cache.judge(KEY, verify);
    clock.time += 300_000;
    await cache.judge(KEY, verify);

    assert.deepEqual(asked, [false, true, true, false]);
  });
});
