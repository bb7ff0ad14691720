import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { answer, requireBasic } from "../../local/registry-proxy";
import { checkRepositories } from "../../verifier/src/verification/registry/check-repositories";
import { useRegistryProxy } from "./support/registry-proxy";
import { useScene } from "./support/scene";

describe("contract: the check of the repositories, with the real process", () => {
  const scene = useScene();
  const proxy = useRegistryProxy(scene);

  async function check(password?: string) {
    const { repository } = await scene().image();
    const name = `${proxy().address}/${repository.name}`;
    const trust = scene().trust();
    const startedAt = Date.now();
    const warnings = await checkRepositories({
      trust: { ...trust, statements: trust.statements.map((one) => ({ ...one, repositories: [name] })) },
      notation: scene().verifiers.notation,
      credentialsFor: async () => (password === undefined ? undefined : { username: "ci", password }),
      now: Date.now,
      timeoutMs: 10_000,
      // No time to ask again.
      remainingMs: () => 9_000 - (Date.now() - startedAt),
      pause: sleep,
    });
    return warnings.map(({ repository: warned, code }) => [warned === name, code]);
  }

  it("has nothing to say of a repository that can be read", async () => {
    assert.deepEqual(await check(), []);
    proxy().behave(requireBasic({ username: "ci", password: "right" }));
    assert.deepEqual(await check("right"), []);
  });

  it("warns of one that cannot", async () => {
    proxy().behave(requireBasic({ username: "ci", password: "right" }));

    assert.deepEqual(await check(), [[true, "registry-login-required"]]);
    assert.deepEqual(await check("wrong"), [[true, "registry-access-denied"]]);
    proxy().behave(answer(503));
    assert.deepEqual(await check(), [[true, "registry-unavailable"]]);
  });
});
