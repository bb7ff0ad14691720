import assert from "node:assert/strict";
import { sha256 } from "../../local/descriptor";
import { answer, challengeBearer, only, paths, redirectBlobs, requireBasic, rewrite } from "../../local/registry-proxy";
import { expectVerdict } from "./support/expect-verdict";
import { useRegistryProxy } from "./support/registry-proxy";
import { useScene } from "./support/scene";

const credentials = { username: "AWS", password: "made-up-token" };

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

  it("29c: Bearer challenge that names a token server elsewhere -> the credentials do not reach it", async () => {
    const requestsBefore = proxy().requests.length;
    const realm = `http://${proxy().blobAddress}/token`;

    const rules = [only({ origin: "blobs" }, answer(401)), challengeBearer({ realm })];
    await proxy.expectBehind(() => rules, "inconclusive registry-access-denied", {
      cli: "not asked",
      credentials,
    });

    const elsewhere = proxy()
      .requests.slice(requestsBefore)
      .filter(({ origin }) => origin === "blobs");
    assert.ok(elsewhere.length > 0, "the token server was not asked");
    assert.ok(elsewhere.every(({ authorization }) => authorization === undefined));
  });

  it("30a: registry answers 401 -> inconclusive registry-access-denied", async () => {
    await proxy.expectBehind(() => [answer(401)], "inconclusive registry-access-denied", { cli: "agrees" });
  });

  it("30b: registry answers 403 -> inconclusive registry-access-denied", async () => {
    await proxy.expectBehind(() => [answer(403)], "inconclusive registry-access-denied", {
      cli: "agrees",
      credentials,
    });
  });

  it("30c: wrong credentials -> inconclusive registry-access-denied", async () => {
    await proxy.expectBehind(() => [requireBasic(credentials)], "inconclusive registry-access-denied", {
      cli: "agrees",
      credentials: { ...credentials, password: "wrong" },
    });
  });

  it("30d: no credentials -> inconclusive registry-access-denied", async () => {
    await proxy.expectBehind(() => [requireBasic(credentials)], "inconclusive registry-access-denied", {
      cli: "agrees",
    });
  });

  it("30e: registry answers 403 for the signatures only -> inconclusive registry-access-denied", async () => {
    for (const path of [paths.referrers, paths.blobs]) {
      await proxy.expectBehind(() => [only({ path }, answer(403))], "inconclusive registry-access-denied", {
        cli: "agrees",
      });
    }
  });
});
