import assert from "node:assert/strict";
import type { VerificationFacts, VerificationRequest } from "../../../../../verifier/src/notation/protocol";
import {
  type CheckOptions,
  checkRepositories,
} from "../../../../../verifier/src/verification/registry/check-repositories";
import { RegistryCredentialsError } from "../../../../../verifier/src/verification/registry/ecr-credentials";
import { now, ownRegistry, release, statement } from "../../../trust/documents";
import { resolve } from "../../../trust/resolved";
import { factsOf, failedWith, valid } from "../facts";

const APP = `${ownRegistry}/team/app`;
const TOOL = "registry.example.com/tool";
const NO_IMAGE = `sha256:${"0".repeat(64)}`;
const notFound = failedWith({ stage: "resolve", kind: "not-found", detail: "404" });
const refused = failedWith({ stage: "resolve", kind: "access-denied", detail: "403 of the registry" });
const credentials = { username: "AWS", password: "token" };

const trust = resolve({
  statements: [
    statement({ name: "app", repositories: ["self/team/app"] }),
    statement({ name: "others", repositories: ["*"], identities: [release] }),
    statement({ name: "tool", repositories: [TOOL] }),
  ],
});

/** A check with a clock that only pauses move. */
function setUp(
  answer: (request: VerificationRequest, elapsed: number) => VerificationFacts,
  more: Partial<CheckOptions> = {},
) {
  const requests: VerificationRequest[] = [];
  const clock = { elapsed: 0 };
  const options: CheckOptions = {
    trust,
    notation: {
      async verify(request) {
        requests.push(request);
        return answer(request, clock.elapsed);
      },
    },
    credentialsFor: async (host) => (host === ownRegistry ? credentials : undefined),
    timeoutMs: 20_000,
    now: () => now.getTime() + clock.elapsed,
    remainingMs: () => 120_000 - clock.elapsed,
    pause: async (milliseconds) => {
      clock.elapsed += milliseconds;
    },
    ...more,
  };
  return { check: async () => ({ warnings: await checkRepositories(options) }), requests, clock };
}

describe("the check of the repositories", () => {
  it("looks for an image that does not exist, in each repository that a statement names, with its credentials", async () => {
    const { check, requests } = setUp(() => notFound);

    const result = await check();

    assert.deepEqual(result, { warnings: [] });
    assert.deepEqual(requests, [
      { reference: `${APP}@${NO_IMAGE}`, deadlineMs: 20_000, credentials, ecr: true },
      { reference: `${TOOL}@${NO_IMAGE}`, deadlineMs: 20_000 },
    ]);
  });

  it("warns of each repository that cannot be read, and says why", async () => {
    const { check } = setUp(({ reference }) =>
      reference.startsWith(APP)
        ? failedWith({ stage: "resolve", kind: "unavailable", detail: "503" })
        : failedWith({ stage: "resolve", kind: "login-required", detail: "401" }),
    );

    const { warnings } = await check();

    assert.deepEqual(warnings, [
      { repository: APP, code: "registry-unavailable", detail: "503" },
      { repository: TOOL, code: "registry-login-required", detail: "401" },
    ]);
  });

  it("asks again while a change of permissions may still be spreading", async () => {
    const { check, requests } = setUp(({ reference }, elapsed) =>
      reference.startsWith(APP) && elapsed < 8_000 ? refused : notFound,
    );

    assert.deepEqual(await check(), { warnings: [] });
    assert.equal(requests.filter(({ reference }) => reference.startsWith(APP)).length, 3);
  });

  it("stops asking after 20 seconds", async () => {
    const { check, clock } = setUp(({ reference }) => (reference.startsWith(APP) ? refused : notFound));

    const { warnings } = await check();

    assert.deepEqual(warnings, [{ repository: APP, code: "registry-access-denied", detail: "403 of the registry" }]);
    assert.equal(clock.elapsed, 20_000);
  });

  it("does not ask again where the invocation would be over", async () => {
    const { check, clock } = setUp(() => refused, { remainingMs: () => 9_000 - clock.elapsed });

    const { warnings } = await check();

    assert.deepEqual([warnings.length, clock.elapsed], [2, 0]);
  });

  it("says so where there is no time to ask at all", async () => {
    const { check, requests } = setUp(() => notFound, { remainingMs: () => 5_000 });

    const { warnings } = await check();

    assert.deepEqual(
      warnings.map(({ code }) => code),
      ["deadline-exceeded", "deadline-exceeded"],
    );
    assert.deepEqual(requests, []);
  });

  it("does not wait for credentials beyond the invocation", async () => {
    const { check } = setUp(() => notFound, { credentialsFor: () => new Promise(() => {}), remainingMs: () => 5_010 });

    const { warnings } = await check();

    assert.deepEqual(
      warnings.map(({ code }) => code),
      ["deadline-exceeded", "deadline-exceeded"],
    );
  });

  it("warns where there are no credentials to be had, and where something breaks", async () => {
    const { check } = setUp(() => notFound, {
      async credentialsFor(host) {
        if (host === ownRegistry) throw new RegistryCredentialsError(host, "registry-unavailable", "AWS is away.");
        throw new TypeError("a bug");
      },
    });

    const { warnings } = await check();

    assert.deepEqual(warnings, [
      { repository: APP, code: "registry-unavailable", detail: `No credentials for ${ownRegistry}: AWS is away.` },
      { repository: TOOL, code: "verifier-failed", detail: "a bug" },
    ]);
  });

  it("bounds the explanation, which may quote a registry", async () => {
    const detail = "x".repeat(10_000);
    const { check } = setUp(() => failedWith({ stage: "resolve", kind: "login-required", detail }));

    assert.equal((await check()).warnings[0]?.detail.length, 500);
  });

  it("warns of a registry that has an image by the digest that no image has", async () => {
    const { check } = setUp(() => factsOf({ outcome: "verified", signatures: [valid] }));

    assert.deepEqual(
      (await check()).warnings.map(({ code }) => code),
      ["signature-valid", "signature-valid"],
    );
  });

  it("asks about four repositories at a time", async () => {
    const repositories = Array.from({ length: 10 }, (_, index) => `self/app-${index}`);
    let running = 0;
    let most = 0;
    const { check } = setUp(() => notFound, {
      trust: resolve({ statements: [statement({ repositories })] }),
      async credentialsFor() {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolved) => setImmediate(resolved));
        running -= 1;
        return credentials;
      },
    });

    await check();

    assert.equal(most, 4);
  });
});
