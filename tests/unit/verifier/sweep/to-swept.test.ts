import assert from "node:assert/strict";
import { type SweptContext, toSwept } from "../../../../verifier/src/sweep/to-swept";
import { DIGEST, IMAGE, OTHER_DIGEST, REPOSITORY } from "../../../support/launch-events";
import { sweptImage, sweptPlace } from "../../../support/swept-images";
import { exemption } from "../../trust/documents";
import { resolve } from "../../trust/resolved";
import { PROFILE_VERSION } from "../verification/facts";

const NOW = new Date("2026-06-15T13:00:00Z");
const JOB = "arn:aws:signer:eu-west-1:444455556666:/signing-jobs/1";

const denied = {
  status: "denied",
  code: "no-signature",
  detail: "",
  reference: `${IMAGE}@${DIGEST}`,
  provisional: false,
  milliseconds: 0,
  digest: DIGEST,
} as const;

function swept(changes: Partial<SweptContext> = {}) {
  return toSwept({
    key: "key",
    run: { run: "2026-06-15T13:00:00Z" },
    example: { subject: { kind: "image", container: "web", image: IMAGE, digest: DIGEST, basis: "reported" } },
    places: [sweptPlace()],
    verdict: denied,
    previous: undefined,
    seenAtLaunch: false,
    judgedWith: "hash",
    trust: { exemptions: [] },
    now: NOW,
    ...changes,
  });
}

describe("what a sweep remembers of an image", () => {
  it("is 200 places at most, and how many there are beyond", () => {
    const places = Array.from({ length: 250 }, (_, index) => sweptPlace({ group: `service:s${index}` }));

    const image = swept({ places });

    assert.deepEqual([image.places.length, image.morePlaces, image.containers], [200, 50, 500]);
  });

  it("is by which signatures it was trusted", () => {
    const counted = [
      { digest: OTHER_DIGEST, profileVersion: PROFILE_VERSION, job: JOB },
      { digest: DIGEST, profileVersion: PROFILE_VERSION },
    ];

    const { trusted } = swept({
      verdict: { ...denied, status: "trusted", code: "signature-valid", counted, validUntil: "2026-07-01T00:00:00Z" },
    });

    assert.deepEqual(trusted, {
      signatures: [OTHER_DIGEST, DIGEST],
      jobs: [JOB],
      signers: [PROFILE_VERSION],
      until: "2026-07-01T00:00:00Z",
    });
  });

  it("goes on being by which it was trusted, while it is not", () => {
    const trusted = { signatures: [DIGEST], jobs: [JOB], signers: [PROFILE_VERSION], until: "2026-07-01T00:00:00Z" };

    assert.deepEqual(swept({ previous: sweptImage({ code: "signature-valid", trusted }) }).trusted, trusted);
  });

  it("is since when it has its verdict", () => {
    const previous = sweptImage({ since: "2026-06-01T00:00:00Z" });

    assert.equal(swept({ previous }).since, "2026-06-01T00:00:00Z");
    assert.equal(swept({ previous: { ...previous, code: "signature-expired" } }).since, "2026-06-15T13:00:00Z");
  });

  it("is when an exemption of the trust document ends: with its last day", () => {
    const { exemptions } = resolve({
      exemptions: [exemption({ image: `${REPOSITORY}@${DIGEST}`, expires: "2026-07-01" })],
    });

    const image = swept({ verdict: { ...denied, status: "exempt", code: "exempted" }, trust: { exemptions } });

    assert.equal(image.exemptUntil, "2026-07-01T23:59:59Z");
  });
});
