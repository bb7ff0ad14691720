import assert from "node:assert/strict";
import { isProven, mayStop, type StopFacts } from "../../../../verifier/src/sweep/may-stop";
import { statement } from "../../trust/documents";
import { resolve } from "../../trust/resolved";

const TRUSTED = `sha256:${"1".repeat(64)}`;
const OTHER = `sha256:${"2".repeat(64)}`;
const PROFILE = "arn:aws:signer:eu-west-1:444455556666:/signing-profiles/release";
const JOB = "arn:aws:signer:eu-west-1:444455556666:/signing-jobs/1";
const NOW = Date.parse("2026-06-15T12:00:00Z");

const revoked = (digest: string) => ({ digest, code: "signature-revoked" }) as const;

/** A denied image of whom a sweep knows nothing yet. */
function facts({
  image,
  ...changes
}: { image?: Partial<StopFacts["image"]> } & Partial<Omit<StopFacts, "image">> = {}) {
  return {
    image: { code: "no-signature", reference: "registry.example/shop/web:1", ...image },
    verdict: {},
    remembered: [],
    trust: resolve({ statements: [statement({ identities: [PROFILE] })] }),
    now: NOW,
    ...changes,
  } satisfies StopFacts;
}

/** What a sweep remembers of an image that it found trusted. */
const trusted = { trusted: { signatures: [TRUSTED], jobs: [JOB], signers: [`${PROFILE}/abcdefghij`] } };
const trustedUntil = (until: string) => ({ trusted: { ...trusted.trusted, until } });

describe("what a sweep may stop", () => {
  for (const [title, given, expected] of [
    ["an image that was never trusted", facts(), true],
    ["an image whose signature is gone", facts({ image: trusted }), false],
    [
      "an image that another enforcement point found trusted, and whose signature is gone",
      facts({ remembered: [TRUSTED] }),
      false,
    ],
    ["a blocked one", facts({ image: { ...trusted, code: "digest-blocked" } }), true],
    [
      "one whose trusted signature is revoked",
      facts({ image: trusted, verdict: { refusedSignatures: [revoked(OTHER), revoked(TRUSTED)] } }),
      true,
    ],
    [
      "one whose trusted signature is revoked, hidden behind many others",
      facts({ image: { ...trusted, code: "too-many-signatures" }, verdict: { refusedSignatures: [revoked(TRUSTED)] } }),
      true,
    ],
    [
      "one of which the ledger remembers the signature that is revoked",
      facts({ remembered: [TRUSTED], verdict: { refusedSignatures: [revoked(TRUSTED)] } }),
      true,
    ],
    [
      "one with another signature that is revoked, whose own is gone",
      facts({ image: { ...trusted, code: "signature-revoked" }, verdict: { refusedSignatures: [revoked(OTHER)] } }),
      false,
    ],
    [
      "one whose trusted signature is revoked, and listed under another digest now",
      facts({
        image: trusted,
        verdict: { refusedSignatures: [{ ...revoked(OTHER), job: JOB }] },
      }),
      true,
    ],
    [
      "one that a launch found trusted, by a signature that a sweep does not know, and that is revoked",
      facts({ image: trusted, remembered: [TRUSTED, OTHER], verdict: { refusedSignatures: [revoked(OTHER)] } }),
      true,
    ],
    ...(["signature-expired", "identity-not-trusted", "signature-too-old"] as const).map(
      (code) =>
        [
          `one that only a launch found trusted, by a signature that is refused now: ${code}`,
          facts({
            image: { code },
            remembered: [TRUSTED],
            verdict: { refusedSignatures: [{ digest: TRUSTED, code }] },
          }),
          true,
        ] as const,
    ),
    [
      "one that may have been renewed by a signature behind many others",
      facts({
        image: { ...trustedUntil("2026-06-15T11:30:00Z"), code: "too-many-signatures" },
        verdict: { refusedSignatures: [{ digest: TRUSTED, code: "signature-expired" }] },
      }),
      false,
    ],
    ["one whose trusted signature was valid until now", facts({ image: trustedUntil("2026-06-15T11:30:00Z") }), true],
    [
      "one with another signature that has expired, whose own is gone",
      facts({ image: { ...trustedUntil("2037-01-01T00:00:00Z"), code: "signature-expired" } }),
      false,
    ],
    [
      "one whose signer the trust document no longer lists, whatever its signatures say",
      facts({
        image: { ...trusted, code: "no-signature" },
        trust: resolve({ statements: [statement({ identities: [`${PROFILE}_next`] })] }),
      }),
      true,
    ],
  ] as const) {
    it(`${expected ? "may stop" : "leaves"} ${title}`, () => {
      assert.equal(mayStop(given), expected);
    });
  }

  it("takes nothing for proven of an image that was never trusted", () => {
    assert.equal(
      isProven(facts({ image: { code: "signature-revoked" }, verdict: { refusedSignatures: [revoked(OTHER)] } })),
      false,
    );
  });
});
