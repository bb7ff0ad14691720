import assert from "node:assert/strict";
import type { RegistryCredentials } from "../../verifier/src/notation/protocol";
import { expectVerdict } from "./support/expect-verdict";
import { HIDDEN, IDENTITY_TOKEN, LOGIN, referenceIn, usePrivateRegistries } from "./support/private-registry";
import { useScene } from "./support/scene";

describe("contract: CNCF Distribution v3 with logins", () => {
  const registries = usePrivateRegistries();
  const scene = useScene(() => ({ registry: registries().open }));

  async function signedImage(name?: string) {
    const image = await scene().image(name);
    await scene().sign(image);
    return image;
  }

  const atTokenServer = (login: RegistryCredentials): RegistryCredentials => ({
    ...login,
    tokenServer: registries().tokens.address,
  });
  const wrong = { ...LOGIN, password: "s3cr3t-of-yesterday" };

  it("htpasswd: the right login -> trusted", async () => {
    const reference = referenceIn(registries().basic, await signedImage());

    await expectVerdict(scene().verifiers, reference, "trusted signature-valid", {
      cli: "agrees",
      credentials: LOGIN,
    });
  });

  it("htpasswd: an unsigned image -> denied no-signature", async () => {
    const reference = referenceIn(registries().basic, await scene().image());

    await expectVerdict(scene().verifiers, reference, "denied no-signature", { cli: "agrees", credentials: LOGIN });
  });

  it("htpasswd: a wrong login -> inconclusive registry-access-denied", async () => {
    const reference = referenceIn(registries().basic, await signedImage());

    const { judgement } = await expectVerdict(scene().verifiers, reference, "inconclusive registry-access-denied", {
      cli: "agrees",
      credentials: wrong,
    });
    assert.doesNotMatch(judgement.detail, /s3cr3t/);
  });

  it("htpasswd: no login -> denied registry-login-required", async () => {
    const reference = referenceIn(registries().basic, await signedImage());

    await expectVerdict(scene().verifiers, reference, "denied registry-login-required", { cli: "agrees" });
  });

  it("htpasswd: an identity token, which is none of its -> inconclusive registry-access-denied, not sent", async () => {
    const reference = referenceIn(registries().basic, await signedImage());
    const credentials = { username: "", password: "", identityToken: IDENTITY_TOKEN };

    await expectVerdict(scene().verifiers, reference, "inconclusive registry-access-denied", {
      cli: "not asked",
      credentials,
      detail: /identity token, which only a token server takes/,
    });
  });

  it("token: the right login, at the token server that it names -> trusted", async () => {
    const reference = referenceIn(registries().bearer, await signedImage());

    await expectVerdict(scene().verifiers, reference, "trusted signature-valid", {
      cli: "not asked",
      credentials: atTokenServer(LOGIN),
    });
  });

  it("token: an identity token, at the token server that it names (OAuth 2 by POST) -> trusted", async () => {
    const { bearer, tokens } = registries();
    const reference = referenceIn(bearer, await signedImage());
    const before = tokens.requests.length;

    await expectVerdict(scene().verifiers, reference, "trusted signature-valid", {
      cli: "not asked",
      credentials: atTokenServer({ username: "", password: "", identityToken: IDENTITY_TOKEN }),
    });
    const asked = tokens.requests.slice(before);
    assert.ok(asked.length > 0 && asked.every((request) => request.startsWith("POST ")), asked.join("\n"));
  });

  for (const [kind, login] of [
    ["a login", LOGIN],
    ["an identity token", { username: "", password: "", identityToken: IDENTITY_TOKEN }],
  ] as const) {
    it(`token: ${kind} that names no token server -> inconclusive, the server named and told nothing`, async () => {
      const { bearer, tokens } = registries();
      const reference = referenceIn(bearer, await signedImage());
      const before = tokens.requests.length;

      const { judgement } = await expectVerdict(scene().verifiers, reference, "inconclusive registry-access-denied", {
        cli: "not asked",
        credentials: login,
      });
      assert.ok(judgement.detail.includes(`token server is "${tokens.address}"`), judgement.detail);
      assert.deepEqual(tokens.requests.slice(before), []);
    });
  }

  it("token: a wrong login, and a wrong identity token -> inconclusive registry-access-denied", async () => {
    const reference = referenceIn(registries().bearer, await signedImage());
    for (const login of [wrong, { username: "", password: "", identityToken: "s3cr3t-of-yesterday" }]) {
      const { judgement } = await expectVerdict(scene().verifiers, reference, "inconclusive registry-access-denied", {
        cli: "not asked",
        credentials: atTokenServer(login),
      });
      assert.doesNotMatch(judgement.detail, /s3cr3t/);
    }
  });

  it("token: a repository that the login may not read -> denied repository-access-denied", async () => {
    const reference = referenceIn(registries().bearer, await signedImage(`${HIDDEN}app`));

    await expectVerdict(scene().verifiers, reference, "denied repository-access-denied", {
      cli: "not asked",
      credentials: atTokenServer(LOGIN),
    });
  });

  it("token: no login -> denied registry-login-required", async () => {
    const reference = referenceIn(registries().bearer, await signedImage());

    await expectVerdict(scene().verifiers, reference, "denied registry-login-required", { cli: "agrees" });
  });
});
