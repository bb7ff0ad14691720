import assert from "node:assert/strict";
import { RegistryCredentialsError } from "../../../../verifier/src/verification/registry/ecr-credentials";
import type { Subject } from "../../../../verifier/src/verification/subject";
import { account, digest, now, ownRegistry, region } from "../../trust/documents";
import { resolve } from "../../trust/resolved";
import { factsOf, failedWith, valid } from "./facts";
import { IMAGE, judgeWith, offlineJudge, releaseIdentity, subject } from "./judging";

const OTHER_DIGEST = `sha256:${"c".repeat(64)}`;

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

  it("denies an odd digest that ECS reports, in place of the exempted one of the reference, and quotes it", async () => {
    const image = `public.ecr.aws/vendor/agent@${digest}`;

    const verdict = await offlineJudge()({
      kind: "image",
      container: "web",
      image,
      oddDigest: '"sha384:ab"',
      basis: "unreported",
    });

    assert.deepEqual([verdict.code, verdict.digest, verdict.provisional], ["digest-unreported", undefined, false]);
    assert.match(verdict.detail, /"sha384:ab", which is not a SHA-256 or SHA-512 digest/);
  });

  it("denies what no statement covers, before it looks for a digest", async () => {
    const statements = [{ name: "release", repositories: ["registry.example.com/app"], identities: [releaseIdentity] }];
    const judge = offlineJudge({ trust: resolve({ statements }) });

    const verdict = await judge(subject(`${IMAGE}:1`, "unreported"));

    assert.equal(verdict.code, "no-applicable-statement");
    assert.match(verdict.detail, /team\/app/);
  });
});

describe("the judge, verifying", () => {
  it("asks with the digest, the deadline, the limit and the credentials of the registry", async () => {
    const credentials = { username: "AWS", password: "token" };
    const { judge, requests } = judgeWith({ credentialsFor: async () => credentials, maxSignatures: 7 });

    const verdict = await judge(subject(`${IMAGE}:1@${digest}`, "reference", digest));

    assert.deepEqual(requests, [
      { reference: `${IMAGE}@${digest}`, deadlineMs: 5000, credentials, ecr: true, maxSignatures: 7 },
    ]);
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

it("the documents of these tests are those of one environment", () => {
  assert.equal(ownRegistry, `${account}.dkr.ecr.${region}.amazonaws.com`);
});
