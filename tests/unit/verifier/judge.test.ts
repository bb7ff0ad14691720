import assert from "node:assert/strict";
import type { DigestBasis, Subject } from "../../../verifier/src/ecs/subjects";
import { createJudge, type Judge, type JudgeOptions } from "../../../verifier/src/judge";
import type { VerificationFacts, VerificationRequest } from "../../../verifier/src/notation/protocol";
import { RegistryCredentialsError } from "../../../verifier/src/registry/ecr-credentials";
import type { DigestReference, SigningAnswer } from "../../../verifier/src/registry/managed-signing";
import { verdictCache } from "../../../verifier/src/verdict-cache";
import { account, digest, exemption, now, ownRegistry, region } from "../trust/documents";
import { resolve } from "../trust/resolved";
import { factsOf, failedAt, failedWith, notVerified, valid } from "./notation/facts";

const OTHER_DIGEST = `sha256:${"c".repeat(64)}`;
const IMAGE = `${ownRegistry}/team/app`;

/** A judge, and what it has asked for. */
function judgeWith(options: Partial<JudgeOptions> & { facts?: VerificationFacts } = {}) {
  const requests: VerificationRequest[] = [];
  const hosts: string[] = [];
  const judge = createJudge({
    trust: resolve({ exemptions: [exemption()] }),
    notation: {
      verify: async (request) => {
        requests.push(request);
        return options.facts ?? factsOf({ digest, outcome: "verified", signatures: [valid] });
      },
    },
    credentialsFor: async (host) => {
      hosts.push(host);
      return undefined;
    },
    cache: verdictCache({ trustedTtlMs: 300_000, max: 10, now: () => now.getTime() }),
    now: () => now.getTime(),
    deadlineMs: 5000,
    ...options,
  });
  return { judge, requests, hosts };
}

/** A judge that fails the test when it touches the network. */
function offlineJudge(options: Partial<JudgeOptions> = {}): Judge {
  return judgeWith({
    notation: { verify: () => assert.fail("the registry was contacted") },
    credentialsFor: () => assert.fail("credentials were asked for"),
    ...options,
  }).judge;
}

function subject(image: string, basis: DigestBasis = "tag", reported?: string): Subject {
  return { kind: "image", container: "web", image, basis, ...(reported === undefined ? {} : { digest: reported }) };
}

describe("the judge, before it touches the network", () => {
  it("exempts a container that AWS added", async () => {
    const verdict = await offlineJudge()({ kind: "aws-injected", container: "aws-guardduty-agent-x", digest });

    assert.equal(verdict.status, "exempt");
    assert.equal(verdict.code, "aws-injected");
    assert.equal(verdict.digest, digest);
    assert.match(verdict.detail, /aws-guardduty-agent-x/);
  });

  it("cannot tell of a container that might be AWS's", async () => {
    const error = "AccessDenied: ecs:DescribeTaskDefinition";

    const verdict = await offlineJudge()({ kind: "undetermined", container: "ecs-service-connect-x", error });

    assert.deepEqual([verdict.status, verdict.code], ["inconclusive", "verifier-failed"]);
    assert.match(verdict.detail, /AccessDenied: ecs:DescribeTaskDefinition/);
  });

  it("exempts what an exemption names, and says who answers for it", async () => {
    const verdict = await offlineJudge()(subject(`public.ecr.aws/vendor/agent@${digest}`, "reference", digest));

    assert.deepEqual([verdict.status, verdict.code, verdict.digest], ["exempt", "exempted", digest]);
    assert.equal(verdict.detail, "exempted until 2027-03-31 by platform-team: vendor image, not signed by us");
  });

  it("exempts by the digest that ECS reports, not by the one of the reference", async () => {
    const image = `public.ecr.aws/vendor/agent@${digest}`;

    const verdict = await offlineJudge()(subject(image, "reported", OTHER_DIGEST));

    assert.deepEqual([verdict.status, verdict.code], ["denied", "registry-not-allowed"]);
  });

  it("no longer exempts when the exemption has ended", async () => {
    const judge = offlineJudge({ now: () => Date.parse("2027-04-02T00:00:00Z") });

    const verdict = await judge(subject(`public.ecr.aws/vendor/agent@${digest}`, "reference", digest));

    assert.equal(verdict.code, "registry-not-allowed");
  });

  const refused: [string, Subject][] = [
    ["reference-invalid", { kind: "image", container: "web", basis: "unreported" }],
    ["reference-invalid", subject("NOT A REFERENCE")],
    ["reference-invalid", subject("NOT A REFERENCE", "unreported")],
    ["registry-not-allowed", subject("evil.example.com/team/app:1")],
    ["registry-not-allowed", subject("nginx")],
    ["registry-not-allowed", subject("evil.example.com/team/app:1", "unreported")],
    ["registry-not-allowed", subject(`${ownRegistry}.evil.example.com/team/app:1`)],
    ["digest-unreported", subject(`${IMAGE}:1`, "unreported")],
  ];
  for (const [code, given] of refused) {
    it(`denies ${code}: ${JSON.stringify(given)}`, async () => {
      const verdict = await offlineJudge()(given);

      assert.deepEqual([verdict.status, verdict.code, verdict.provisional], ["denied", code, false]);
    });
  }

  it("denies what no statement covers, before it looks for a digest", async () => {
    const statements = [{ name: "release", repositories: ["registry.example.com/app"], identities: [releaseIdentity] }];
    const judge = offlineJudge({ trust: resolve({ statements }) });

    const verdict = await judge(subject(`${IMAGE}:1`, "unreported"));

    assert.equal(verdict.code, "no-applicable-statement");
    assert.match(verdict.detail, /team\/app/);
  });
});

const releaseIdentity = "arn:aws:signer:eu-west-1:444455556666:/signing-profiles/release";

describe("the judge, verifying", () => {
  it("asks with the digest, the deadline, the limit and the credentials of the registry", async () => {
    const credentials = { username: "AWS", password: "token" };
    const { judge, requests } = judgeWith({ credentialsFor: async () => credentials, maxSignatures: 7 });

    const verdict = await judge(subject(`${IMAGE}:1@${digest}`, "reference", digest));

    assert.deepEqual(requests, [{ reference: `${IMAGE}@${digest}`, deadlineMs: 5000, credentials, maxSignatures: 7 }]);
    assert.deepEqual(
      [verdict.status, verdict.code, verdict.digest, verdict.provisional],
      ["trusted", "signature-valid", digest, false],
    );
    assert.equal(verdict.signature?.profileVersion, valid.profileVersion);
  });

  it("asks anonymously where a registry needs no credentials", async () => {
    const { judge, requests, hosts } = judgeWith();

    await judge(subject(`registry.example.com/app@${digest}`, "reference", digest));

    assert.deepEqual(requests, [{ reference: `registry.example.com/app@${digest}`, deadlineMs: 5000 }]);
    assert.deepEqual(hosts, ["registry.example.com"]);
  });

  it("judges the digest that ECS reports in place of the reference's", async () => {
    const { judge, requests } = judgeWith();

    const verdict = await judge(subject(`${IMAGE}:1@${OTHER_DIGEST}`, "reported", digest));

    assert.equal(requests[0]?.reference, `${IMAGE}@${digest}`);
    assert.equal(verdict.reference, `${IMAGE}:1@${digest}`);
  });

  it("judges through the tag provisionally, fills the digest in, and keeps nothing", async () => {
    const { judge, requests } = judgeWith();

    const verdict = await judge(subject(`${IMAGE}:1`));
    await judge(subject(`${IMAGE}:1`));

    assert.deepEqual([verdict.provisional, verdict.digest, verdict.reference], [true, digest, `${IMAGE}:1`]);
    assert.deepEqual(
      requests.map(({ reference }) => reference),
      [`${IMAGE}:1`, `${IMAGE}:1`],
    );
  });

  it("takes the tag latest for a reference without any", async () => {
    const { judge, requests } = judgeWith();

    await judge(subject(IMAGE));

    assert.equal(requests[0]?.reference, `${IMAGE}:latest`);
  });

  it("verifies a digest once for all references that lead to it, and names each its own", async () => {
    const { judge, requests } = judgeWith();

    const verdicts = await Promise.all([
      judge(subject(`${IMAGE}:1@${digest}`, "reference", digest)),
      judge(subject(`${IMAGE}:2`, "reported", digest)),
      judge(subject(`${IMAGE}@${digest}`, "reference", digest)),
    ]);

    assert.equal(requests.length, 1);
    assert.deepEqual(
      verdicts.map(({ reference }) => reference),
      [`${IMAGE}:1@${digest}`, `${IMAGE}:2@${digest}`, `${IMAGE}@${digest}`],
    );
  });

  it("verifies a digest again in another repository", async () => {
    const { judge, requests } = judgeWith();

    await judge(subject(`${IMAGE}@${digest}`, "reference", digest));
    await judge(subject(`${IMAGE}2@${digest}`, "reference", digest));

    assert.equal(requests.length, 2);
  });

  it("tries again what could not be told", async () => {
    const facts = failedWith({ stage: "list", kind: "unavailable", detail: "503" });
    const { judge, requests } = judgeWith({ facts });

    const verdict = await judge(subject(`${IMAGE}@${digest}`, "reference", digest));
    await judge(subject(`${IMAGE}@${digest}`, "reference", digest));

    assert.deepEqual([verdict.status, verdict.code, verdict.detail], ["inconclusive", "registry-unavailable", "503"]);
    assert.equal(requests.length, 2);
  });

  for (const code of ["registry-access-denied", "registry-unavailable", "registry-not-allowed"] as const) {
    it(`passes on that there are no credentials: ${code}`, async () => {
      const { judge } = judgeWith({
        credentialsFor: async (host) => {
          throw new RegistryCredentialsError(host, code, "GetAuthorizationToken failed.");
        },
        notation: { verify: () => assert.fail("the registry was contacted") },
      });

      const verdict = await judge(subject(`${IMAGE}@${digest}`, "reference", digest));

      assert.equal(verdict.code, code);
      assert.equal(verdict.detail, `No credentials for ${ownRegistry}: GetAuthorizationToken failed.`);
    });
  }

  it("passes a programming error on", async () => {
    const { judge } = judgeWith({ credentialsFor: () => Promise.reject(new TypeError("bug")) });

    await assert.rejects(judge(subject(`${IMAGE}:1`)), TypeError);
  });

  it("measures how long the verdict took", async () => {
    let clock = now.getTime();
    const { judge } = judgeWith({
      now: () => clock,
      notation: {
        verify: async () => {
          clock += 42;
          return factsOf({ digest });
        },
      },
    });

    const { milliseconds } = await judge(subject(`${IMAGE}:1`));

    assert.equal(milliseconds, 42);
  });
});

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
    assert.match(verdict.detail, /444455556666.*try again/);
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
      assert.match(verdict.detail, /ECR's managed signing says that it has signed it/);
    });
  }

  it("does not ask where a signature is listed, nor where the list could not be had", async () => {
    const askManagedSigning = () => assert.fail("ECR was asked");
    for (const facts of [
      factsOf({ digest, outcome: "verified", signatures: [valid] }),
      notVerified(failedAt("identity")),
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

it("the documents of these tests are those of one environment", () => {
  assert.equal(ownRegistry, `${account}.dkr.ecr.${region}.amazonaws.com`);
});
