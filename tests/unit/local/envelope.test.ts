import assert from "node:assert/strict";
import { verify, X509Certificate } from "node:crypto";
import { makeChain, type SigningChain } from "../../../local/signer/certificates";
import { type EnvelopeContent, makeEnvelope, payloadFor } from "../../../local/signer/envelope";
import { readEnvelope, withAttributes, withChain, withFlippedBit, withPayload } from "../../../local/signer/tamper";

const image = {
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  digest: `sha256:${"a".repeat(64)}`,
  size: 7,
};
const profileVersion = "arn:aws:signer:us-east-1:111122223333:/signing-profiles/release/Abcdefghi1";
const job = "arn:aws:signer:us-east-1:111122223333:/signing-jobs/0f1f";

describe("an envelope", () => {
  let signer: SigningChain;

  before(async () => {
    signer = await makeChain();
  });

  function make(changes: Partial<EnvelopeContent> = {}): Buffer {
    const signingTime = new Date("2026-01-02T03:04:05.678Z");
    return makeEnvelope({ payload: payloadFor(image), ...signer, signingTime, profileVersion, job, ...changes });
  }

  function attributesOf(envelope: Buffer): Record<string, unknown> {
    return JSON.parse(Buffer.from(readEnvelope(envelope).protected, "base64url").toString());
  }

  function isValid(envelope: Buffer, hash = "sha384"): boolean {
    const jws = readEnvelope(envelope);
    const leaf = new X509Certificate(Buffer.from(jws.header.x5c[0] ?? "", "base64"));
    return verify(
      hash,
      Buffer.from(`${jws.protected}.${jws.payload}`),
      { key: leaf.publicKey, dsaEncoding: "ieee-p1363" },
      Buffer.from(jws.signature, "base64url"),
    );
  }

  it("has the attributes of AWS Signer, all critical", () => {
    const envelope = make({ expiry: new Date("2027-01-02T03:04:05Z"), pluginMinVersion: "1.0.0" });

    assert.deepEqual(attributesOf(envelope), {
      alg: "ES384",
      cty: "application/vnd.cncf.notary.payload.v1+json",
      crit: [
        "io.cncf.notary.signingScheme",
        "io.cncf.notary.authenticSigningTime",
        "io.cncf.notary.expiry",
        "io.cncf.notary.verificationPlugin",
        "io.cncf.notary.verificationPluginMinVersion",
        "com.amazonaws.signer.signingProfileVersion",
        "com.amazonaws.signer.signingJob",
      ],
      "io.cncf.notary.signingScheme": "notary.x509.signingAuthority",
      "io.cncf.notary.authenticSigningTime": "2026-01-02T03:04:05Z",
      "io.cncf.notary.expiry": "2027-01-02T03:04:05Z",
      "io.cncf.notary.verificationPlugin": "com.amazonaws.signer.notation.plugin",
      "io.cncf.notary.verificationPluginMinVersion": "1.0.0",
      "com.amazonaws.signer.signingProfileVersion": profileVersion,
      "com.amazonaws.signer.signingJob": job,
    });
  });

  it("is signed by the leaf over exactly what the image is", () => {
    const envelope = make();

    const jws = readEnvelope(envelope);
    assert.deepEqual(JSON.parse(Buffer.from(jws.payload, "base64url").toString()), { targetArtifact: image });
    assert.deepEqual(
      jws.header.x5c,
      signer.chain.map((certificate) => certificate.toString("base64")),
    );
    assert.ok(isValid(envelope));
  });

  it("leaves out what is null and adds what is asked for, critical or not", () => {
    const attributes = attributesOf(
      make({
        plugin: null,
        job: null,
        expiry: null,
        attributes: { "com.example.a": 1, "com.example.b": 2 },
        critical: ["com.example.b"],
      }),
    );

    assert.deepEqual(attributes.crit, [
      "io.cncf.notary.signingScheme",
      "io.cncf.notary.authenticSigningTime",
      "com.amazonaws.signer.signingProfileVersion",
      "com.example.b",
    ]);
    assert.equal(attributes["io.cncf.notary.verificationPlugin"], undefined);
    assert.equal(attributes["com.example.a"], 1);
  });

  it("of scheme notary.x509 has the signer's own, uncritical signing time", () => {
    const attributes = attributesOf(make({ scheme: "notary.x509", plugin: null, profileVersion: null, job: null }));

    assert.deepEqual(attributes.crit, ["io.cncf.notary.signingScheme"]);
    assert.equal(attributes["io.cncf.notary.signingTime"], "2026-01-02T03:04:05Z");
    assert.equal(attributes["io.cncf.notary.authenticSigningTime"], undefined);
  });

  it("uses the hash of its algorithm", () => {
    const envelope = make({ algorithm: "ES256" });

    assert.equal(attributesOf(envelope).alg, "ES256");
    assert.ok(isValid(envelope, "sha256"));
  });

  it("signs text and bytes as they are", () => {
    assert.equal(Buffer.from(readEnvelope(make({ payload: "not json" })).payload, "base64url").toString(), "not json");
  });

  it("is no longer valid after payload, attributes, chain or signature have been changed", async () => {
    const other = await makeChain();
    const original = make();

    for (const tampered of [
      withPayload(original, payloadFor({ ...image, size: 8 })),
      withAttributes(original, { "com.amazonaws.signer.signingJob": "arn:other" }),
      withChain(original, other.chain),
      withFlippedBit(original),
    ]) {
      assert.equal(isValid(tampered), false);
    }
    assert.ok(isValid(original));
  });
});
