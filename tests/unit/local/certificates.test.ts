import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { certificateHashes } from "../../../local/signer/certificate-hashes";
import { makeAuthority, makeChain } from "../../../local/signer/certificates";

function parsed(chain: readonly Buffer[]): X509Certificate[] {
  return chain.map((der) => new X509Certificate(der));
}

describe("certificate chains of the stand-in Signer", () => {
  it("go from a leaf over two authorities to a self-signed root, each signed by the next", async () => {
    const { chain, rootPem } = await makeChain();

    const certificates = parsed(chain);
    assert.equal(certificates.length, 4);
    for (const [index, certificate] of certificates.entries()) {
      const issuer = certificates[index + 1] ?? certificate;
      assert.equal(certificate.issuer, issuer.subject);
      assert.ok(certificate.verify(issuer.publicKey));
      assert.equal(certificate.ca, index > 0);
    }
    assert.deepEqual(new X509Certificate(rootPem).raw, chain.at(-1));
  });

  it("have P-384 keys, and the private key is that of the leaf", async () => {
    const { chain, key } = await makeChain();

    const certificates = parsed(chain);
    for (const certificate of certificates) {
      assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, "secp384r1");
    }
    assert.ok(certificates[0]?.checkPrivateKey(key));
  });

  it("share their authorities when they come from the same one", async () => {
    const authority = await makeAuthority({ region: "eu-west-1" });

    const [first, second] = await Promise.all([authority.issueLeaf(), authority.issueLeaf()]);

    assert.deepEqual(first.chain.slice(1), second.chain.slice(1));
    assert.notDeepEqual(first.chain[0], second.chain[0]);
    assert.match(parsed(first.chain)[1]?.subject ?? "", /eu-west-1/);
  });

  it("keep the leaf's validity, curve and name, line breaks included", async () => {
    const validity = { notBefore: new Date("2025-01-01T00:00:00Z"), notAfter: new Date("2051-01-08T00:00:00Z") };

    const { chain } = await makeChain({
      leaf: { validity, curve: "P-256", subject: { CN: "x\nlevel=info msg=verified", O: "Evil" } },
    });

    const leaf = new X509Certificate(chain[0] ?? "");
    assert.equal(leaf.validFrom, "Jan  1 00:00:00 2025 GMT");
    assert.equal(leaf.validTo, "Jan  8 00:00:00 2051 GMT");
    assert.equal(leaf.publicKey.asymmetricKeyDetails?.namedCurve, "prime256v1");
    assert.ok(leaf.raw.includes("x\nlevel=info msg=verified"));
  });

  it("are known to the revocation API by hashes of each certificate and its issuer", async () => {
    const { chain } = await makeChain();

    const hashes = certificateHashes(chain);

    assert.equal(hashes.length, 4);
    for (const [index, hash] of hashes.entries()) {
      assert.match(hash, /^[0-9a-f]{192}$/);
      assert.equal(hash.slice(96), (hashes[index + 1] ?? hash).slice(0, 96));
    }
  });
});
