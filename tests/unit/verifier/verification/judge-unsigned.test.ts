import assert from "node:assert/strict";
import { withoutUndefined } from "../../../../trust/text/without-undefined";
import type { Judgement } from "../../../../verifier/src/verification/judge-facts";
import { isSignedMeanwhile, judgeUnsigned } from "../../../../verifier/src/verification/judge-unsigned";
import type { SigningAnswer } from "../../../../verifier/src/verification/registry/managed-signing";
import { digest, ownProfile, release } from "../../trust/documents";

const UNSIGNED: Judgement = { code: "no-signature", detail: "the registry lists no signature of this image", digest };
const IDENTITIES = [ownProfile, release];
const SIGNERS = { identities: IDENTITIES };
const FOREIGN = "arn:aws:signer:eu-west-1:999988887777:/signing-profiles/release";

const says = (...profiles: [profile: string, status: string, failure?: string][]): SigningAnswer => ({
  profiles: profiles.map(([profile, status, failure]) => ({
    profile,
    status,
    ...withoutUndefined({ failure }),
  })),
});

describe("the judgement on an image without a signature", () => {
  const inProgress: [string, SigningAnswer, readonly string[]][] = [
    ["at work with a listed profile", says([release, "IN_PROGRESS"]), IDENTITIES],
    ["at work with a listed one beside others", says([FOREIGN, "FAILED"], [release, "IN_PROGRESS"]), IDENTITIES],
    ["at work with a profile of which a version is listed", says([release, "IN_PROGRESS"]), [`${release}/Ab3dEf6hIj`]],
  ];
  for (const [title, answer, identities] of inProgress) {
    it(`waits for ECR: ${title}`, () => {
      const judgement = judgeUnsigned(UNSIGNED, answer, { identities });

      assert.equal(judgement.code, "signing-in-progress");
      assert.equal(judgement.digest, digest);
    });
  }

  it("names the listed profiles that ECR is at work with, and says to try again", () => {
    const answer = says([ownProfile, "IN_PROGRESS"], [FOREIGN, "IN_PROGRESS"], [release, "IN_PROGRESS"]);

    const { detail } = judgeUnsigned(UNSIGNED, answer, SIGNERS);

    assert.equal(
      detail,
      `the registry lists no signature of this image yet: ECR's managed signing is in progress with "${ownProfile}", "${release}" (retry when that has ended)`,
    );
  });

  const denied: [string, SigningAnswer, readonly string[], RegExp][] = [
    ["no signing rule was for it", says(), IDENTITIES, /^the registry lists no signature of this image$/],
    [
      "at work with a profile that is not listed",
      says([FOREIGN, "IN_PROGRESS"]),
      IDENTITIES,
      /; ECR's managed signing is in progress with "arn:[^"]*999988887777[^"]*", which the statement does not list$/,
    ],
    ["another letter case", says([release.replace("release", "Release"), "IN_PROGRESS"]), IDENTITIES, /does not list$/],
    ["a longer name", says([`${release}2`, "IN_PROGRESS"]), IDENTITIES, /does not list$/],
    ["part of a name", says([release.slice(0, -1), "IN_PROGRESS"]), IDENTITIES, /does not list$/],
    ["no name", says(["", "IN_PROGRESS"]), IDENTITIES, /does not list$/],
    ["no statement", says([release, "IN_PROGRESS"]), [], /does not list$/],
    [
      "it is done",
      says([release, "COMPLETE"]),
      IDENTITIES,
      /reports that it signed the image with "arn:[^"]*release"$/,
    ],
    [
      "it has failed, with the reason",
      says([release, "FAILED", "AccessDenied: no signer:SignPayload"]),
      IDENTITIES,
      /; ECR's managed signing failed with "arn:[^"]*release": "AccessDenied: no signer:SignPayload"$/,
    ],
    ["it has failed without a reason", says([release, "FAILED"]), IDENTITIES, /failed with "arn:[^"]*release"$/],
    ["a status of the future", says([release, "QUEUED"]), IDENTITIES, /reports "QUEUED" for/],
    ["ECR did not answer", { error: "ThrottlingException: slow" }, IDENTITIES, /could not be read: "Throttling/],
  ];
  for (const [title, answer, identities, detail] of denied) {
    it(`stays a denial: ${title}`, () => {
      const judgement = judgeUnsigned(UNSIGNED, answer, { identities });

      assert.deepEqual([judgement.code, judgement.digest], ["no-signature", digest]);
      assert.match(judgement.detail, detail);
      assert.match(judgement.detail, /^the registry lists no signature of this image/);
    });
  }

  it("makes what ECR says printable, and shortens it", () => {
    const nasty = `x\n\u001b[31m${"y".repeat(2000)}`;
    for (const answer of [says([nasty, "FAILED", nasty]), says([nasty, "IN_PROGRESS"]), { error: nasty }]) {
      const { detail } = judgeUnsigned(UNSIGNED, answer, SIGNERS);

      assert.match(detail, /^[\x20-\x7e]{1,800}$/);
    }
  });

  it("is looked at again only if ECR is done with a listed profile", () => {
    assert.equal(isSignedMeanwhile(UNSIGNED, says([release, "COMPLETE"]), SIGNERS), true);
    assert.equal(isSignedMeanwhile(UNSIGNED, says([FOREIGN, "COMPLETE"], [release, "IN_PROGRESS"]), SIGNERS), false);
    assert.equal(isSignedMeanwhile(UNSIGNED, says([release, "FAILED"]), SIGNERS), false);
    assert.equal(isSignedMeanwhile(UNSIGNED, { error: "none" }, SIGNERS), false);
  });
});
