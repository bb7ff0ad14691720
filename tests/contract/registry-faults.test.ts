import assert from "node:assert/strict";
import { sha256 } from "../../local/descriptor";
import { answer, hang, only, paths, reset, times } from "../../local/registry-proxy";
import { expectVerdict } from "./support/expect-verdict";
import { NOBODY } from "./support/nobody";
import { useRegistryProxy } from "./support/registry-proxy";
import { useScene } from "./support/scene";

describe("contract: registry that fails", () => {
  const scene = useScene();
  const proxy = useRegistryProxy(scene);

  it("31a: 429 once, then 200 -> trusted (the CLI does not retry)", async () => {
    for (const path of [paths.manifests, paths.referrers, paths.blobs]) {
      await proxy.expectBehind(() => [only({ path }, times(1, answer(429)))], "trusted signature-valid", {
        cli: "disagrees",
      });
    }
  });

  it("31b: 429 once with Retry-After -> trusted, asked again no earlier than that", async () => {
    const slowDown = answer(429, { headers: { "retry-after": "1" } });

    const { milliseconds } = await proxy.expectBehind(
      () => [only({ path: paths.referrers }, times(1, slowDown))],
      "trusted signature-valid",
      { cli: "disagrees" },
    );

    assert.ok(milliseconds >= 1000, `${milliseconds} ms`);
  });

  for (const [letter, status] of Object.entries({ a: 429, b: 500, c: 503 })) {
    it(`32${letter}: registry answers ${status} throughout -> inconclusive registry-unavailable, even at the deadline`, async () => {
      await proxy.expectBehind(() => [answer(status)], "inconclusive registry-unavailable", {
        cli: "agrees",
        deadlineMs: 5000,
      });
    });
  }

  it("32d: registry answers 503 for the signatures only -> inconclusive registry-unavailable", async () => {
    for (const path of [paths.referrers, paths.blobs]) {
      await proxy.expectBehind(() => [only({ path }, answer(503))], "inconclusive registry-unavailable", {
        cli: "agrees",
        deadlineMs: 5000,
      });
    }
  });

  it("32e: registry answers 503 throughout -> inconclusive registry-unavailable when the retries are used up", async () => {
    const requestsBefore = proxy().requests.length;

    const { milliseconds } = await proxy.expectBehind(() => [answer(503)], "inconclusive registry-unavailable", {
      cli: "not asked",
      detail: /503/,
    });

    assert.ok(milliseconds < 20_000, `${milliseconds} ms`);
    assert.ok(proxy().requests.length - requestsBefore <= 10, "the image and the list, each tried five times");
  });

  it("32f: Retry-After beyond the deadline -> inconclusive registry-unavailable", async () => {
    await proxy.expectBehind(
      () => [answer(429, { headers: { "retry-after": "60" } })],
      "inconclusive registry-unavailable",
      {
        cli: "agrees",
        deadlineMs: 5000,
      },
    );
  });

  it("32g: registry resets connections -> inconclusive registry-unavailable", async () => {
    await proxy.expectBehind(() => [reset], "inconclusive registry-unavailable", { cli: "agrees", deadlineMs: 5000 });
  });

  it("32h: registry refuses connections -> inconclusive registry-unavailable", async () => {
    const reference = `${NOBODY}/team/app@${sha256("image")}`;

    await expectVerdict(scene().verifiers, reference, "inconclusive registry-unavailable", {
      cli: "agrees",
      deadlineMs: 5000,
    });
  });

  it("32i: registry's host is unknown -> inconclusive registry-unavailable", async () => {
    const reference = `registry.invalid:5000/team/app@${sha256("image")}`;

    await expectVerdict(scene().verifiers, reference, "inconclusive registry-unavailable", {
      cli: "agrees",
      deadlineMs: 5000,
    });
  });

  it("32j: registry hangs -> inconclusive deadline-exceeded, in time", async () => {
    for (const path of [paths.manifests, paths.referrers, paths.blobs]) {
      const { milliseconds } = await proxy.expectBehind(
        () => [only({ method: /GET|HEAD/, path }, hang)],
        "inconclusive deadline-exceeded",
        { cli: "agrees", deadlineMs: 400, cliTimeoutMs: 400 },
      );

      assert.ok(milliseconds < 2500, `${milliseconds} ms`);
    }
  });
});
