import "reflect-metadata";
import { KeyObject, webcrypto } from "node:crypto";
import { X509CertificateGenerator } from "@peculiar/x509";
import { pushJunkSignatures } from "../../local/signatures";
import { payloadFor } from "../../local/signer/envelope";
import { expectVerdict } from "./support/expect-verdict";
import { daysFromNow, type Signable, useScene } from "./support/scene";

/**
 * A certificate of 190 KB whose subject has 16,000 parts and is not its issuer's. notation-core-go writes the subject into
 * its error, twice, and pkix.RDNSequence.String of Go takes quadratic time for it: seconds of a whole processor for one
 * envelope that is within every other limit. A function of 512 MiB has 0.29 of a processor.
 */
describe("contract: certificates with long names", () => {
  const scene = useScene();
  let chain: Buffer;
  let key: KeyObject;

  before(async () => {
    const keys = await webcrypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
    const certificate = await X509CertificateGenerator.create({
      subject: Array.from({ length: 16_000 }, () => ({ "2.47.127.127.127": ["#1300"] })),
      issuer: "CN=root",
      notBefore: daysFromNow(-1),
      notAfter: daysFromNow(1),
      publicKey: keys.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: { name: "ECDSA", hash: "SHA-256" },
    });
    chain = Buffer.from(certificate.rawData);
    key = KeyObject.from(keys.privateKey);
  });

  const hog = (image: Signable) =>
    scene().makeSignature(image, { payload: payloadFor(image.descriptor), chain: [chain], key, algorithm: "ES256" })
      .envelope;

  it("a revoked signature under 25 manifests and 25 such envelopes, at the default deadline -> denied signature-revoked", async () => {
    const image = await scene().image();
    const { envelope, jobArn } = scene().makeSignature(image);
    scene().stack.signer.revokeJob(jobArn);
    await pushJunkSignatures(image.repository, image.descriptor, 25, envelope);
    await pushJunkSignatures(image.repository, image.descriptor, 25, hog(image));

    await expectVerdict(scene().verifiers, image.reference, "denied signature-revoked", {
      cli: "not asked",
      deadlineMs: 20_000,
    });
  });

  it("two of such envelopes alone, in the processor time that a function has within the default deadline -> denied", async () => {
    const image = await scene().image();
    await pushJunkSignatures(image.repository, image.descriptor, 2, hog(image));
    const environment = { ...scene().stack.environment, GOMAXPROCS: "1" };

    await expectVerdict(await scene().startVerifiers({ environment }), image.reference, "denied signature-invalid", {
      cli: "not asked",
      // 0.29 of 20 s.
      deadlineMs: 5_800,
    });
  });

  it("a revoked image of a repository that the attacker cannot push to, verified after two such envelopes -> denied", async () => {
    const [image, victim] = [await scene().image(), await scene().image()];
    await pushJunkSignatures(image.repository, image.descriptor, 2, hog(image));
    const { jobArn } = await scene().sign(victim);
    scene().stack.signer.revokeJob(jobArn);
    const verifiers = await scene().startVerifiers();
    await verifiers.notation.verify({ reference: image.reference, deadlineMs: 2_000 });

    await expectVerdict(verifiers, victim.reference, "denied signature-revoked", {
      cli: "not asked",
      deadlineMs: 5_000,
    });
  });
});
