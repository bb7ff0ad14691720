import assert from "node:assert/strict";
import { toFacts } from "../../../../cli/scan/signature-facts";
import type { SignatureContents } from "../../../../verifier/src/notation/inspect-protocol";

const DIGEST = `sha256:${"a".repeat(64)}`;
const VERSION = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release/Ab3dEf6hIj";

function stateOf(changes: Partial<SignatureContents>): readonly [string, string | undefined, string | undefined] {
  const contents: SignatureContents = {
    mediaType: "application/jose+json",
    algorithm: "ECDSA-SHA-384",
    scheme: "notary.x509.signingAuthority",
    profileVersion: VERSION,
    job: "arn:aws:signer:eu-west-1:111122223333:/signing-jobs/1",
    signingTime: "2026-06-01T00:00:00Z",
    expiry: "2027-06-01T00:00:00Z",
    expired: false,
    attributes: [],
    artifact: null,
    forThisImage: true,
    metadata: [],
    signingAgent: null,
    certificates: [
      {
        subject: "CN=leaf",
        issuer: "CN=root",
        notBefore: "2026-05-31T00:00:00Z",
        notAfter: "2026-06-02T00:00:00Z",
        sha256: "1",
      },
    ],
    intact: true,
    broken: null,
    rootTrusted: true,
    revocation: { status: "not-revoked", detail: null },
    ...changes,
  };
  const { state, profile, detail } = toFacts({ digest: DIGEST, unreadable: null, contents });
  return [state, profile?.name, detail];
}

describe("the facts about a signature", () => {
  it("are its profile and state, if AWS Signer made it for this image", () => {
    const revoked = { status: "revoked", detail: "job" } as const;

    assert.deepEqual(stateOf({}), ["valid", "release", undefined]);
    assert.deepEqual(stateOf({ expired: true }), ["expired", "release", undefined]);
    assert.deepEqual(stateOf({ expired: true, revocation: revoked }), ["revoked", "release", undefined]);
    assert.deepEqual(stateOf({ revocation: { status: "unknown", detail: "throttled" } }), [
      "unknown",
      "release",
      "throttled",
    ]);
  });

  it("name no profile if anybody could have written it", () => {
    const flawed: readonly (readonly [Partial<SignatureContents>, RegExp])[] = [
      [{ intact: false, broken: "bad signature" }, /^bad signature$/],
      [{ forThisImage: false }, /another image/],
      [{ rootTrusted: false }, /not made by AWS Signer/],
      [{ certificates: [] }, /certificate was not valid/],
      [{ signingTime: "2026-06-03T00:00:00Z" }, /certificate was not valid/],
      [{ signingTime: "+12026-06-01" }, /certificate was not valid/],
      [{ profileVersion: null }, /names no profile version/],
      [{ profileVersion: VERSION.slice(0, VERSION.lastIndexOf("/")) }, /names no profile version/],
      [{ profileVersion: "arn:aws:iam::111122223333:role/x" }, /names no profile version/],
    ];
    for (const [changes, why] of flawed) {
      const [state, profile, detail] = stateOf(changes);
      assert.deepEqual([state, profile], ["invalid", undefined], JSON.stringify(changes));
      assert.match(detail ?? "", why);
    }
    assert.equal(toFacts({ digest: DIGEST, unreadable: null, contents: null }).state, "invalid");
  });
});
