import assert from "node:assert/strict";
import type { Descriptor } from "../../local/descriptor";
import { only, paths, type RegistryProxy, type Rule, rewrite, startRegistryProxy } from "../../local/registry-proxy";
import { pushJunkSignatures, signatureArtifactType } from "../../local/signatures";
import { makeChain } from "../../local/signer/certificates";
import type { EnvelopeContent } from "../../local/signer/envelope";
import { readEnvelope, withChain } from "../../local/signer/tamper";
import type { VerificationRequest } from "../../verifier/src/notation/protocol";
import type { ReasonCode } from "../../verifier/src/verification/verdict";
import { judgeInTime } from "./support/judge-in-time";
import { daysFromNow, type SceneImage, useScene } from "./support/scene";

const FORGED =
  "x\nlevel=warning msg=Signature sha256:00 failed verification with error: revocation check failed with reason " +
  '"GetRevocationStatus call failed with error: operation error signer: GetRevocationStatus, https response error StatusCode: 503"\r\u001b[2K\u202e';
/** Anything that would break a line or steer a terminal. */
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe("contract: hostile signatures", () => {
  const scene = useScene();
  let proxy: RegistryProxy;

  before(async () => {
    proxy = await startRegistryProxy({ target: scene().registry });
  });
  after(() => proxy?.close());
  afterEach(() => {
    proxy.behave();
    scene().stack.signer.failWith(undefined);
  });

  const judge = (reference: string, request?: Partial<VerificationRequest>) =>
    judgeInTime(scene().verifiers, reference, request);

  /** The same image, seen through the proxy. */
  const proxied = (image: SceneImage) => `${proxy.address}/${image.repository.name}@${image.descriptor.digest}`;

  const lists = (signatures: readonly Descriptor[]): Rule => {
    const mediaType = "application/vnd.oci.image.index.v1+json";
    const manifests = signatures.map((signature) => ({ ...signature, artifactType: signatureArtifactType }));
    const body = JSON.stringify({ schemaVersion: 2, mediaType, manifests });
    return only({ path: paths.referrers }, rewrite({ headers: { "content-type": mediaType }, body }));
  };

  describe("text that a signer has chosen", () => {
    const cases: [string, ReasonCode, () => Promise<Partial<EnvelopeContent>> | Partial<EnvelopeContent>][] = [
      [
        "the names of a foreign chain",
        "untrusted-root",
        () => makeChain({ rootSubject: { CN: FORGED, C: "US" }, leaf: { subject: { CN: FORGED, C: "US" } } }),
      ],
      [
        "the name of a leaf that was not valid",
        "certificate-not-valid",
        () =>
          scene().stack.signer.issueLeaf({
            subject: { CN: FORGED, C: "US" },
            validity: { notBefore: daysFromNow(-20), notAfter: daysFromNow(-10) },
          }),
      ],
      ["the plugin's name", "signature-unsupported", () => ({ plugin: FORGED })],
      ["the plugin's version", "signature-unsupported", () => ({ pluginMinVersion: FORGED })],
      ["the profile version", "identity-not-trusted", () => ({ profileVersion: `arn:${FORGED}` })],
      ["an attribute's name", "signature-unsupported", () => ({ attributes: { [FORGED]: 1 }, critical: [FORGED] })],
      ["the scheme", "signature-invalid", () => ({ scheme: FORGED })],
      ["the content type", "signature-invalid", () => ({ contentType: FORGED })],
    ];
    for (const [what, code, overrides] of cases) {
      it(`${what} -> ${code}, on one line`, async () => {
        const image = await scene().image();
        await scene().sign(image, await overrides());

        const { facts, ...judgement } = await judge(image.reference);

        assert.equal(judgement.code, code, judgement.detail);
        for (const text of [judgement.detail, ...Object.values(judgement.signature ?? {})]) {
          assert.doesNotMatch(text, CONTROL);
        }
        assert.equal(facts.signatures.length, 1);
      });
    }

    it("the job of a valid signature: its evidence stays on one line", async () => {
      const image = await scene().image();
      await scene().sign(image, { job: `arn:${FORGED}` });

      const { signature } = await judge(image.reference);

      assert.match(signature?.job ?? "", /^arn:x\\nlevel=warning/);
      assert.doesNotMatch(signature?.job ?? "", CONTROL);
    });
  });

  describe("descriptors that lie", () => {
    const lies: [string, Partial<Descriptor>][] = [
      ["a size too small", { size: 10 }],
      ["a size too large", { size: 100_000 }],
      ["a size of zero", { size: 0 }],
      ["a negative size", { size: -1 }],
      ["a size over the limit", { size: 2 ** 40 }],
      ["another digest", { digest: `sha256:${"0".repeat(64)}` }],
      ["no digest", { digest: FORGED }],
    ];
    for (const [what, layer] of lies) {
      it(`${what} -> signature-unreadable`, async () => {
        const image = await scene().image();
        await scene().push(image, scene().makeSignature(image).envelope, { layer });

        const { code, detail } = await judge(image.reference);

        assert.equal(code, "signature-unreadable", detail);
        assert.doesNotMatch(detail, CONTROL);
      });
    }

    it("an envelope of another format -> signature-invalid", async () => {
      const image = await scene().image();
      await scene().push(image, scene().makeSignature(image).envelope, { layer: { mediaType: "application/cose" } });

      assert.equal((await judge(image.reference)).code, "signature-invalid");
    });

    it("an envelope over its limit, truly described -> signature-unreadable", async () => {
      const image = await scene().image();
      await scene().push(image, Buffer.alloc(256 * 1024 + 1, " "));

      assert.equal((await judge(image.reference)).code, "signature-unreadable");
    });
  });

  describe("envelopes that are work", () => {
    const ordinary = (image: SceneImage) => scene().makeSignature(image).envelope;
    const json = (image: SceneImage) => ordinary(image).toString();
    const envelopes: [string, ReasonCode, (image: SceneImage) => Buffer | string][] = [
      [
        "thousands of certificates",
        "signature-invalid",
        (image) =>
          withChain(
            ordinary(image),
            Array.from({ length: 5000 }, () => Buffer.alloc(20)),
          ),
      ],
      [
        "hundreds of good certificates",
        "signature-invalid",
        (image) => {
          const [certificate] = readEnvelope(ordinary(image)).header.x5c;
          assert.ok(certificate !== undefined);
          return withChain(
            ordinary(image),
            Array.from({ length: 200 }, () => Buffer.from(certificate, "base64")),
          );
        },
      ],
      ["nesting without end", "signature-invalid", () => `{"payload":${"[".repeat(250_000)}`],
      [
        "a nested header",
        "signature-invalid",
        (image) => json(image).replace("{", `{"header":${'{"x":'.repeat(9000)}`),
      ],
      ["a number of many digits", "signature-invalid", () => `{"payload":${"9".repeat(250_000)}}`],
      // The last of two counts, as it does for the Notation CLI.
      [
        "two payloads, the signed one last",
        "signature-valid",
        (image) => json(image).replace("{", '{"payload":"e30",'),
      ],
      [
        "two payloads, the signed one first",
        "signature-invalid",
        (image) => json(image).replace(/\}$/, `,"payload":"${readEnvelope(ordinary(image)).payload.slice(4)}"}`),
      ],
      ["two payloads in two cases", "signature-invalid", (image) => json(image).replace(/\}$/, ',"PAYLOAD":"e30"}')],
    ];
    for (const [what, code, envelope] of envelopes) {
      it(`${what} -> ${code}`, async () => {
        const image = await scene().image();
        await scene().push(image, Buffer.from(envelope(image)));

        const judged = await judge(image.reference, { deadlineMs: 5000 });

        assert.equal(judged.code, code, judged.detail);
      });
    }
  });

  describe("while Signer is down", () => {
    it("a signature copied from another image -> signature-invalid, and Signer is not asked", async () => {
      const [image, other] = [await scene().image(), await scene().image()];
      await scene().push(image, scene().makeSignature(other).envelope);
      scene().stack.signer.failWith("reset");
      const asked = scene().verifiers.signerCalls();

      const { code } = await judge(image.reference);

      assert.equal(code, "signature-invalid");
      assert.equal(scene().verifiers.signerCalls(), asked);
    });

    it("and does not answer: the deadline is explained by Signer, not by the registry", async () => {
      const image = await scene().image();
      await scene().sign(image);
      scene().stack.signer.failWith("hang");

      const { code, detail } = await judge(image.reference, { deadlineMs: 800 });

      assert.equal(code, "deadline-exceeded");
      assert.match(detail, /Signer plugin/);
    });

    it("a signed payload that names no image -> signature-invalid, and Signer is not asked", async () => {
      const image = await scene().image();
      for (const payload of ["[]", '{"targetArtifact":"x"}', "null"]) {
        const { envelope } = scene().stack.signer.signPayload(payload, scene().release);
        await scene().push(image, envelope);
      }
      scene().stack.signer.failWith("reset");
      const asked = scene().verifiers.signerCalls();

      const { code, facts } = await judge(image.reference);

      assert.equal(code, "signature-invalid");
      assert.equal(facts.signatures.length, 3);
      assert.equal(scene().verifiers.signerCalls(), asked);
    });

    it("60 junk signatures before one by a trusted profile -> too-many-signatures", async () => {
      const image = await scene().image();
      const junk = await pushJunkSignatures(image.repository, image.descriptor, 60);
      const signature = await scene().push(image, scene().makeSignature(image).envelope);
      proxy.behave(lists([...junk, signature]));
      scene().stack.signer.failWith("reset");

      assert.equal((await judge(proxied(image))).code, "too-many-signatures");
    });

    it("one by a trusted profile before 60 junk signatures -> signer-unavailable, as it could be valid", async () => {
      const image = await scene().image();
      const junk = await pushJunkSignatures(image.repository, image.descriptor, 60);
      const signature = await scene().push(image, scene().makeSignature(image).envelope);
      proxy.behave(lists([signature, ...junk]));
      scene().stack.signer.failWith("reset");

      assert.equal((await judge(proxied(image))).code, "signer-unavailable");
    });
  });
});
