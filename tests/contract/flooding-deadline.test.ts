import assert from "node:assert/strict";
import { answer, delay, only, paths, type Rule } from "../../local/registry-proxy";
import { pushJunkSignatures } from "../../local/signatures";
import { expectVerdict } from "./support/expect-verdict";
import { useRegistryProxy } from "./support/registry-proxy";
import { useScene } from "./support/scene";

describe("contract: junk signatures that use up the deadline or the registry's patience", () => {
  const scene = useScene();
  const proxy = useRegistryProxy(scene);

  it("one revoked signature, under 20 manifests, among junk that uses up the deadline -> denied", async () => {
    const image = await scene().image();
    const { envelope, jobArn } = scene().makeSignature(image);
    scene().stack.signer.revokeJob(jobArn);
    await pushJunkSignatures(image.repository, image.descriptor, 20, envelope);
    await pushJunkSignatures(image.repository, image.descriptor, 20);
    proxy().behave(only({ path: paths.blobs }, delay(400)));

    const { facts } = await expectVerdict(scene().verifiers, proxy.referenceOf(image), "denied too-many-signatures", {
      cli: "not asked",
      deadlineMs: 1000,
    });

    assert.ok(facts.signatures.length > 2);
  });

  /** Serves so many signatures' envelopes, then throttles. */
  function quota(served: number, status = 429): Rule {
    const slowDown = answer(status, { headers: { "retry-after": "60" } });
    let left = served;
    return (request, next) => {
      if (!/\/manifests\/sha256:/.test(request.path) || request.method !== "GET") return next();
      left -= 1;
      return left < 0 ? slowDown(request, next) : next();
    };
  }

  for (const count of [20, 50]) {
    it(`${count} junk signatures of which the registry serves 11 and throttles the rest -> denied`, async () => {
      const image = await scene().image();
      await pushJunkSignatures(image.repository, image.descriptor, count);
      proxy().behave(quota(11));

      await expectVerdict(scene().verifiers, proxy.referenceOf(image), "denied too-many-signatures", {
        cli: "not asked",
        deadlineMs: 4_000,
      });
    });
  }

  it("20 junk signatures of which the registry serves 11 and slows the rest down with 503, as nginx and S3 do -> denied", async () => {
    const image = await scene().image();
    await pushJunkSignatures(image.repository, image.descriptor, 20);
    proxy().behave(quota(11, 503));

    await expectVerdict(scene().verifiers, proxy.referenceOf(image), "denied too-many-signatures", {
      cli: "not asked",
      deadlineMs: 30_000,
    });
  });
});
