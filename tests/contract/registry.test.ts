import assert from "node:assert/strict";
import { sha256 } from "../../local/descriptor";
import { answer, challengeBearer, only, paths, redirectBlobs, requireBasic, rewrite } from "../../local/registry-proxy";
import { expectVerdict } from "./support/expect-verdict";
import { useRegistryProxy } from "./support/registry-proxy";
import { useScene } from "./support/scene";

const credentials = { username: "AWS", password: "made-up-token" };

/** As AWS begins its refusals (IAM user guide, "Troubleshoot access denied error messages"). */
const NOT_AUTHORIZED =
  "User: arn:aws:sts::111122223333:assumed-role/verifier/x is not authorized to perform: ecr:BatchGetImage " +
  "on resource: arn:aws:ecr:eu-west-1:111122223333:repository/team/app";

describe("contract: registry, images and access", () => {
  const scene = useScene();
  const proxy = useRegistryProxy(scene);

  it("27a: manifest does not exist -> denied image-not-found, by digest and by tag", async () => {
    const { registry, verifiers } = scene();
    const missing = [`team/app@${sha256("nothing")}`, "team/app:nothing"];

    for (const image of missing) {
      await expectVerdict(verifiers, `${registry}/${image}`, "denied image-not-found", { cli: "agrees" });
    }
  });

  it("27b: registry gives another manifest than the one asked for -> denied", async () => {
    const other = { "docker-content-digest": sha256("another manifest") };
    const rules = [only({ method: "HEAD", path: paths.manifests }, rewrite({ headers: other }))];

    await proxy.expectBehind(() => rules, "denied image-not-found", { cli: "agrees" });
  });

  it("28a: signed image index -> trusted", async () => {
    const { repository, index, reference } = await scene().indexedImage();
    await scene().sign({ repository, descriptor: index });

    await expectVerdict(scene().verifiers, reference(index), "trusted signature-valid", { cli: "agrees" });
  });

  it("28b: platform manifest of a signed index -> denied no-signature", async () => {
    const { repository, index, manifests, reference } = await scene().indexedImage();
    await scene().sign({ repository, descriptor: index });

    for (const manifest of manifests) {
      await expectVerdict(scene().verifiers, reference(manifest), "denied no-signature", { cli: "agrees" });
    }
  });

  for (const [name, otherHost] of Object.entries({ "29a": "127.0.0.1", "29b": "localhost" })) {
    it(`${name}: Basic credentials and blobs redirected to ${otherHost}, as ECR does -> trusted; the credentials stay`, async () => {
      const requestsBefore = proxy().requests.length;

      await proxy.expectBehind(() => [requireBasic(credentials), redirectBlobs(otherHost)], "trusted signature-valid", {
        cli: "agrees",
        credentials,
      });

      const requests = proxy().requests.slice(requestsBefore);
      const redirected = requests.filter(({ origin }) => origin === "blobs");
      assert.equal(redirected.length, 2, "one by each verifier");
      assert.deepEqual(
        redirected.map(({ authorization }) => authorization),
        [undefined, undefined],
      );
      assert.ok(requests.some(({ authorization }) => authorization === "Basic"));
    });
  }

  it("29c: Bearer challenge that names a token server elsewhere -> it is named, and is not asked with the login", async () => {
    const requestsBefore = proxy().requests.length;
    const realm = `http://${proxy().blobAddress}/token`;

    await proxy.expectBehind(() => [challengeBearer({ realm })], "inconclusive registry-access-denied", {
      cli: "not asked",
      credentials,
      detail: new RegExp(`token server is "${proxy().blobAddress}".*tokenServer`),
    });

    const elsewhere = proxy()
      .requests.slice(requestsBefore)
      .filter(({ origin }) => origin === "blobs");
    assert.deepEqual(elsewhere, []);
  });

  it("29d: the token server that the trust document names gets the login -> trusted", async () => {
    const tokenServer = proxy().blobAddress;
    const token = only({ origin: "blobs", path: /^\/token/ }, answer(200, { body: JSON.stringify({ token: "t" }) }));
    const requestsBefore = proxy().requests.length;

    await proxy.expectBehind(
      () => [token, challengeBearer({ realm: `http://${tokenServer}/token` })],
      "trusted signature-valid",
      { cli: "not asked", credentials: { ...credentials, tokenServer } },
    );

    const tokens = proxy()
      .requests.slice(requestsBefore)
      .filter(({ origin }) => origin === "blobs");
    assert.ok(tokens.length > 0 && tokens.every(({ authorization }) => authorization === "Basic"));
  });

  it("30a: asked without a login, registry answers 401 or 403 -> denied registry-login-required", async () => {
    for (const rule of [answer(401), answer(403), requireBasic(credentials)]) {
      await proxy.expectBehind(() => [rule], "denied registry-login-required", { cli: "agrees" });
    }
  });

  it("30b: asked without a login, registry wants a token and gives none -> denied registry-login-required", async () => {
    const realm = `http://${proxy().blobAddress}/token`;
    for (const status of [400, 401, 403, 404]) {
      const rules = [only({ origin: "blobs" }, answer(status)), challengeBearer({ realm })];

      await proxy.expectBehind(() => rules, "denied registry-login-required", { cli: "not asked" });
    }
  });

  it("30c: the login itself is refused -> inconclusive registry-access-denied", async () => {
    const wrong = { ...credentials, password: "wrong" };
    for (const rule of [answer(401), answer(403), requireBasic(credentials)]) {
      await proxy.expectBehind(() => [rule], "inconclusive registry-access-denied", {
        cli: "agrees",
        credentials: wrong,
      });
    }
  });

  it("30d: the login is accepted, and the repository refuses it -> denied repository-access-denied", async () => {
    for (const path of [paths.manifests, paths.referrers]) {
      for (const status of [401, 403]) {
        await proxy.expectBehind(
          () => [requireBasic(credentials), only({ path }, answer(status))],
          "denied repository-access-denied",
          { cli: "agrees", credentials },
        );
      }
    }
  });

  it("30e: a registry gives a token for its login, and none for the repository -> denied repository-access-denied", async () => {
    const tokenServer = proxy().blobAddress;
    const realm = `http://${tokenServer}/token`;
    const tokens = only({ origin: "blobs" }, (request, next) =>
      (request.path.includes("scope=") ? answer(403) : answer(200, { body: `{"token":"t"}` }))(request, next),
    );

    await proxy.expectBehind(() => [tokens, challengeBearer({ realm })], "denied repository-access-denied", {
      cli: "not asked",
      credentials: { ...credentials, tokenServer },
    });
  });

  it("30f: ECR's 403 -> inconclusive if AWS names a policy of ours, denied repository-access-denied otherwise", async () => {
    const because = (why: string) =>
      only(
        { method: "GET", path: paths.manifests },
        answer(403, { body: JSON.stringify({ errors: [{ code: "DENIED", message: `${NOT_AUTHORIZED} ${why}` }] }) }),
      );
    const forbidden = only({ path: paths.manifests }, answer(403, { body: "" }));

    await proxy.expectBehind(
      () => [because("because no identity-based policy allows the ecr:BatchGetImage action"), forbidden],
      "inconclusive registry-access-denied",
      { cli: "not asked", credentials, ecr: true, detail: /identity-based policy/ },
    );
    for (const rules of [
      [because("because no resource-based policy allows the ecr:BatchGetImage action"), forbidden],
      [forbidden],
    ]) {
      await proxy.expectBehind(() => rules, "denied repository-access-denied", {
        cli: "not asked",
        credentials,
        ecr: true,
      });
    }
  });

  for (const status of [400, 403, 404, 410]) {
    it(`40: the storage of a signature answers ${status} -> denied signature-unreadable; 403 behind ECR is inconclusive`, async () => {
      const refuses = [only({ origin: "blobs" }, answer(status)), redirectBlobs()];

      await proxy.expectBehind(() => refuses, "denied signature-unreadable", { cli: "agrees" });
      await proxy.expectBehind(
        () => [requireBasic(credentials), ...refuses],
        status === 403 ? "inconclusive registry-access-denied" : "denied signature-unreadable",
        { cli: "agrees", credentials, ecr: true },
      );
    });
  }
});
