import assert from "node:assert/strict";
import fc from "fast-check";
import { findExemption, parseReference } from "../../../trust";
import { digest, exemption, ownRegistry } from "./documents";
import { resolve } from "./resolved";

const noon = new Date("2026-06-15T12:00:00Z");
const otherDigest = `sha256:${"b".repeat(64)}`;

function isExempt(image: string, reference: string, now = noon, expires = "2027-03-31"): boolean {
  const resolved = resolve({ exemptions: [exemption({ image, expires })] });
  return findExemption(resolved, parseReference(reference), now) !== undefined;
}

describe("findExemption", () => {
  it("gives the exemption that matches", () => {
    const fields = exemption({ image: "ghcr.io/vendor/agent" });
    const resolved = resolve({ exemptions: [exemption(), fields] });
    assert.deepEqual(findExemption(resolved, parseReference("ghcr.io/vendor/agent:1"), noon), fields);
  });

  it("matches a whole repository whatever the tag or digest", () => {
    for (const suffix of ["", ":1", `@${digest}`, `:1@${otherDigest}`]) {
      assert.equal(isExempt("ghcr.io/vendor/agent", `ghcr.io/vendor/agent${suffix}`), true);
    }
  });

  it("matches a digest whatever the tag beside it", () => {
    assert.equal(isExempt(`ghcr.io/agent@${digest}`, `ghcr.io/agent@${digest}`), true);
    assert.equal(isExempt(`ghcr.io/agent@${digest}`, `ghcr.io/agent:1@${digest}`), true);
  });

  it("does not match another digest, nor a reference without one", () => {
    assert.equal(isExempt(`ghcr.io/agent@${digest}`, `ghcr.io/agent@${otherDigest}`), false);
    assert.equal(isExempt(`ghcr.io/agent@${digest}`, "ghcr.io/agent:1"), false);
    assert.equal(isExempt(`ghcr.io/agent@${digest}`, "ghcr.io/agent"), false);
  });

  it("does not match another repository or registry", () => {
    for (const reference of ["ghcr.io/agent2", "ghcr.io/agent/sub", "ghcr.io/x/agent", "ghcr.io:443/agent", "agent"]) {
      assert.equal(isExempt("ghcr.io/agent", reference), false);
      assert.equal(isExempt(`ghcr.io/agent@${digest}`, `${reference}@${digest}`), false);
    }
  });

  it("matches every spelling of a Docker Hub name", () => {
    for (const reference of ["busybox", "library/busybox:1", "docker.io/busybox", "index.docker.io/library/busybox"]) {
      assert.equal(isExempt("docker.io/library/busybox", reference), true);
    }
  });

  it("matches this account's registry for self", () => {
    assert.equal(isExempt("self/agent", `${ownRegistry}/agent:1`), true);
  });

  it("is in force through the whole day, in UTC, and not a millisecond longer", () => {
    const until = (time: string) => isExempt("ghcr.io/agent", "ghcr.io/agent", new Date(time), "2026-12-31");
    assert.equal(until("2026-12-31T00:00:00.000Z"), true);
    assert.equal(until("2026-12-31T23:59:59.999Z"), true);
    assert.equal(until("2027-01-01T00:00:00.000Z"), false);
    assert.equal(until("2026-12-31T23:30:00.000-02:00"), false);
    assert.equal(until("2027-01-01T01:00:00.000+02:00"), true);
  });

  it("is not in force when the clock is not valid", () => {
    assert.equal(isExempt("ghcr.io/agent", "ghcr.io/agent", new Date(Number.NaN)), false);
  });

  it("passes over an expired exemption to one in force", () => {
    const exemptions = [
      exemption({ image: "ghcr.io/agent", expires: "2026-01-01" }),
      exemption({ image: "ghcr.io/agent", expires: "2026-12-31", owner: "second" }),
    ];
    assert.equal(findExemption(resolve({ exemptions }), parseReference("ghcr.io/agent"), noon)?.owner, "second");
  });
});

describe("findExemption, for any image", () => {
  const name = fc.constantFrom("ghcr.io/a", "ghcr.io/b", "ghcr.io/a/b", "ghcr.io:1/a", "docker.io/library/a");
  const hex = fc.constantFrom(..."0123456789abcdef").map((character) => `@sha256:${character.repeat(64)}`);
  const suffix = fc.oneof(fc.constant(""), hex);

  it("exempts the named repository and digest and nothing else", () => {
    fc.assert(
      fc.property(name, suffix, name, fc.constantFrom("", ":1"), suffix, (named, pinned, run, tag, ran) => {
        const expected = named === run && (pinned === "" || pinned === ran);
        assert.equal(isExempt(named + pinned, run + tag + ran), expected);
      }),
      { numRuns: 500 },
    );
  });

  it("ends with the day for every day", () => {
    const day = fc.integer({ min: 0, max: 40_000 });
    const offset = fc.integer({ min: -3 * 86_400_000, max: 3 * 86_400_000 });
    fc.assert(
      fc.property(day, fc.oneof(offset, fc.constantFrom(-1, 0)), (days, milliseconds) => {
        const end = (days + 1) * 86_400_000;
        const expires = new Date(days * 86_400_000).toISOString().slice(0, 10);
        const now = new Date(end + milliseconds);
        assert.equal(isExempt("ghcr.io/a", "ghcr.io/a", now, expires), milliseconds < 0);
      }),
      { numRuns: 500 },
    );
  });
});
