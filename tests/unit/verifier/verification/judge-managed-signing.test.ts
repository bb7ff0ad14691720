import assert from "node:assert/strict";
import type { VerificationFacts, VerificationRequest } from "../../../../verifier/src/notation/protocol";
import type { DigestReference, SigningAnswer } from "../../../../verifier/src/verification/registry/managed-signing";
import { digest, now, ownRegistry } from "../../trust/documents";
import { resolve } from "../../trust/resolved";
import { factsOf, failedAt, failedWith, notVerified, valid } from "./facts";
import { IMAGE, judgeWith, offlineJudge, releaseIdentity, subject } from "./judging";

describe("the judge, with an image without a signature in ECR", () => {
  const AT_WORK: SigningAnswer = { profiles: [{ profile: releaseIdentity, status: "IN_PROGRESS" }] };
  const DONE: SigningAnswer = { profiles: [{ profile: releaseIdentity, status: "COMPLETE" }] };

  /** A judge that verifies with one result after the other, the last again and again, and to which ECR says `answer`. */
  function scene(answer: SigningAnswer | undefined, ...results: VerificationFacts[]) {
    const asked: [DigestReference, number][] = [];
    const requests: VerificationRequest[] = [];
    let clock = now.getTime();
    const { judge } = judgeWith({
      now: () => clock,
      notation: {
        verify: async (request) => {
          requests.push(request);
          clock += 3000;
          return results[Math.min(requests.length, results.length) - 1] ?? factsOf({ digest });
        },
      },
      askManagedSigning: async (image, timeLeftMs) => {
        asked.push([image, timeLeftMs]);
        return answer;
      },
    });
    return { judge, asked, requests };
  }

  it("says that signing is in progress, as ECR does, and keeps no such verdict", async () => {
    const { judge, asked } = scene(AT_WORK);

    const verdict = await judge(subject(`${IMAGE}@${digest}`, "reference", digest));
    await judge(subject(`${IMAGE}@${digest}`, "reference", digest));

    assert.deepEqual([verdict.status, verdict.code, verdict.digest], ["inconclusive", "signing-in-progress", digest]);
    assert.match(verdict.detail, /444455556666.*retry when/);
    assert.equal(asked.length, 2);
  });

  it("asks about the digest that the tag leads to, in the time that is left", async () => {
    const { judge, asked } = scene(AT_WORK);

    const verdict = await judge(subject(`${IMAGE}:1`));

    assert.deepEqual(asked, [[{ registry: ownRegistry, repository: "team/app", digest }, 2000]]);
    assert.deepEqual([verdict.code, verdict.provisional], ["signing-in-progress", true]);
  });

  it("goes by the identities of the statement that applies", async () => {
    const statements = [
      { name: "release", repositories: ["*"], identities: [releaseIdentity] },
      { name: "other", repositories: [`${ownRegistry}/team/app`], identities: [`${releaseIdentity}2`] },
    ];
    const { judge } = judgeWith({
      trust: resolve({ statements }),
      facts: factsOf({ digest }),
      askManagedSigning: async () => AT_WORK,
    });

    assert.equal((await judge(subject(`${IMAGE}:1`))).code, "no-signature");
    assert.equal((await judge(subject(`${IMAGE}2:1`))).code, "signing-in-progress");
  });

  const denied: [string, SigningAnswer | undefined][] = [
    ["no signing rule was for it", { profiles: [] }],
    ["signing has failed", { profiles: [{ profile: releaseIdentity, status: "FAILED" }] }],
    ["ECR could not be asked", { error: "TimeoutError" }],
    ["the registry is not ECR", undefined],
  ];
  for (const [title, answer] of denied) {
    it(`denies when ${title}`, async () => {
      const { judge, requests } = scene(answer);

      const verdict = await judge(subject(`${IMAGE}@${digest}`, "reference", digest));

      assert.deepEqual([verdict.status, verdict.code], ["denied", "no-signature"]);
      assert.equal(requests.length, 1);
    });
  }

  it("verifies again, by digest and in the time that is left, when ECR has signed meanwhile", async () => {
    const signed = factsOf({ digest, outcome: "verified", signatures: [valid] });
    const { judge, requests } = scene(DONE, factsOf({ digest }), signed);

    const verdict = await judge(subject(`${IMAGE}:1`));

    assert.deepEqual([verdict.code, verdict.provisional], ["signature-valid", true]);
    assert.deepEqual(
      requests.map(({ reference, deadlineMs }) => [reference, deadlineMs]),
      [
        [`${IMAGE}:1`, 5000],
        [`${IMAGE}@${digest}`, 2000],
      ],
    );
  });

  it("judges the signature that is there meanwhile", async () => {
    const { judge } = scene(DONE, factsOf({ digest }), { ...notVerified(failedAt("identity")), digest });

    assert.equal((await judge(subject(`${IMAGE}:1`))).code, "identity-not-trusted");
  });

  for (const [title, second] of [
    ["there is still no signature", factsOf({ digest })],
    ["the registry fails", failedWith({ stage: "list", kind: "unavailable", detail: "503" })],
    ["the time is up", failedWith({ stage: "list", kind: "deadline", detail: "late" })],
  ] as const) {
    it(`denies when ECR says that it has signed, but ${title}`, async () => {
      const { judge } = scene(DONE, factsOf({ digest }), second);

      const verdict = await judge(subject(`${IMAGE}@${digest}`, "reference", digest));

      assert.deepEqual([verdict.status, verdict.code, verdict.digest], ["denied", "no-signature", digest]);
      assert.match(verdict.detail, /ECR's managed signing reports that it signed the image/);
    });
  }

  it("asks where the signatures are by others, and waits with the code that they lead to", async () => {
    const { judge } = scene(AT_WORK, { ...notVerified(failedAt("identity")), digest });

    const verdict = await judge(subject(`${IMAGE}:1`));

    assert.deepEqual([verdict.code, verdict.otherwise], ["signing-in-progress", "identity-not-trusted"]);
  });

  it("asks where a required signer is missing, and waits only if its signature would be enough", async () => {
    const signedByRelease = { ...notVerified(valid), digest };
    const requiring = (...others: string[]) =>
      resolve({
        statements: [
          {
            name: "release",
            repositories: ["*"],
            require: [{ identities: [releaseIdentity] }, { identities: others, atLeast: others.length }],
          },
        ],
      });
    const [approval, other] = [`${releaseIdentity}_approval`, `${releaseIdentity}_other`];
    const judgeWithApproval = (trust: ReturnType<typeof resolve>) =>
      judgeWith({
        trust,
        facts: signedByRelease,
        askManagedSigning: async () => ({ profiles: [{ profile: approval, status: "IN_PROGRESS" }] }),
      }).judge(subject(`${IMAGE}:1`));

    assert.equal((await judgeWithApproval(requiring(approval))).code, "signing-in-progress");
    assert.equal((await judgeWithApproval(requiring(approval, other))).code, "signers-missing");
  });

  it("asks about the repository that has the signatures, where the statement names one", async () => {
    const asked: DigestReference[] = [];
    const { judge } = judgeWith({
      trust: resolve({
        statements: [
          {
            name: "mirror",
            repositories: [`${ownRegistry}/team/app`],
            identities: [releaseIdentity],
            signaturesFrom: "444455556666.dkr.ecr.eu-west-1.amazonaws.com/source/app",
          },
        ],
      }),
      facts: factsOf({ digest }),
      askManagedSigning: async (image) => {
        asked.push(image);
        return { profiles: [] };
      },
    });

    await judge(subject(`${IMAGE}:1`));

    assert.deepEqual(asked, [
      { registry: "444455556666.dkr.ecr.eu-west-1.amazonaws.com", repository: "source/app", digest },
    ]);
  });

  it("does not ask beside a revoked signature, nor where other signatures decide or the list could not be had", async () => {
    const askManagedSigning = () => assert.fail("ECR was asked");
    for (const facts of [
      factsOf({ digest, outcome: "verified", signatures: [valid] }),
      notVerified(failedAt("identity"), failedAt("revocation", "revoked")),
      notVerified(failedAt("expiry")),
      factsOf({ digest, outcome: "too-many-signatures", pages: 100 }),
      failedWith({ stage: "list", kind: "unavailable", detail: "503" }),
      failedWith({ stage: "resolve", kind: "not-found", detail: "404" }),
    ]) {
      const { judge } = judgeWith({ facts, askManagedSigning });

      assert.notEqual((await judge(subject(`${IMAGE}:1`))).code, "no-signature");
    }
    await offlineJudge({ askManagedSigning })(subject("evil.example.com/team/app:1"));
  });
});
