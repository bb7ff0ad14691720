import assert from "node:assert/strict";
import {
  isOutdated,
  isRemembered,
  tagMovedFrom,
  verdictKey,
} from "../../../../verifier/src/reporting/earlier-verdicts";
import type { LedgerVerdict } from "../../../../verifier/src/reporting/ledger";
import { containerVerdict, verdictOf } from "../../../support/launch";
import { DIGEST, IMAGE, OTHER_DIGEST } from "../../../support/launch-events";

const known = (changes: Partial<LedgerVerdict> = {}): LedgerVerdict => ({
  container: "web",
  digest: DIGEST,
  provisional: false,
  status: "denied",
  code: "no-signature",
  ...changes,
});

describe("a verdict through a tag", () => {
  const provisional = containerVerdict({ provisional: true });

  it("says nothing any more once the digest of the container has been judged", () => {
    assert.equal(isOutdated(provisional, [known()]), true);
  });

  it("counts while there are only such verdicts, or verdicts on other containers", () => {
    assert.equal(isOutdated(provisional, []), false);
    assert.equal(isOutdated(provisional, [known({ provisional: true }), known({ container: "proxy" })]), false);
  });

  it("is never an earlier verdict that has been overtaken when it is on a digest", () => {
    assert.equal(isOutdated(containerVerdict(), [known({ digest: OTHER_DIGEST })]), false);
  });
});

describe("the digest that a tag has moved from", () => {
  it("is the one that was judged through the tag, if ECS reports another", () => {
    const earlier = [known({ provisional: true, digest: OTHER_DIGEST })];

    assert.equal(tagMovedFrom(containerVerdict(), earlier), OTHER_DIGEST);
  });

  it("is not there when the tag has not moved, nothing was judged before, or it was another container", () => {
    for (const earlier of [[known({ provisional: true })], [], [known({ container: "proxy", provisional: true })]]) {
      assert.equal(tagMovedFrom(containerVerdict(), earlier), undefined);
    }
  });

  it("is not there as long as ECS has not reported a digest", () => {
    const earlier = [known({ provisional: true, digest: OTHER_DIGEST })];
    const { digest: _, ...unreported } = verdictOf({ code: "digest-unreported", reference: IMAGE });

    assert.equal(tagMovedFrom({ container: "web", verdict: unreported }, earlier), undefined);
    assert.equal(tagMovedFrom(containerVerdict({ provisional: true }), earlier), undefined);
  });

  it("is not there for a digest that was judged by itself before", () => {
    assert.equal(tagMovedFrom(containerVerdict(), [known({ digest: OTHER_DIGEST })]), undefined);
  });
});

describe("what the ledger remembers of a verdict", () => {
  it("is enough if it is the same, and as firm", () => {
    assert.equal(isRemembered(containerVerdict(), [known()]), true);
    assert.equal(isRemembered(containerVerdict({ provisional: true }), [known({ provisional: true })]), true);
  });

  it("is not enough if it was reached through the tag only, or differs", () => {
    assert.equal(isRemembered(containerVerdict(), [known({ provisional: true })]), false);
    assert.equal(isRemembered(containerVerdict(), [known({ code: "signature-revoked" })]), false);
    assert.equal(isRemembered(containerVerdict(), [known({ digest: OTHER_DIGEST })]), false);
    assert.equal(isRemembered(containerVerdict(), [known({ container: "proxy" })]), false);
  });
});

describe("what makes a verdict a new one", () => {
  it("is container, code and digest", () => {
    const keys = new Set([
      verdictKey("web", verdictOf()),
      verdictKey("web", verdictOf({ provisional: true, reference: IMAGE })),
      verdictKey("proxy", verdictOf()),
      verdictKey("web", verdictOf({ code: "signature-revoked" })),
      verdictKey("web", verdictOf({ digest: OTHER_DIGEST })),
    ]);

    assert.equal(keys.size, 4);
  });

  it("is not the digest for a verdict on the reference alone", () => {
    for (const code of ["registry-not-allowed", "no-applicable-statement", "reference-invalid"] as const) {
      const { digest: _, ...before } = verdictOf({ code, reference: IMAGE });

      assert.equal(verdictKey("web", before), verdictKey("web", verdictOf({ code })));
    }
  });
});
