import assert from "node:assert/strict";
import type { VerificationFacts } from "../../../../verifier/src/notation/protocol";
import { RegistryCredentialsError } from "../../../../verifier/src/verification/registry/ecr-credentials";
import { type SignatureMemory, updateMemory } from "../../../../verifier/src/verification/signature-memory";
import { memorySignatures } from "../../../support/memory-signatures";
import { digest, now, ownRegistry } from "../../trust/documents";
import { resolve } from "../../trust/resolved";
import { factsOf, failedAt, failedWith, SIGNATURE, valid } from "./facts";
import { IMAGE, judgeWith, releaseIdentity, subject } from "./judging";

const TRUSTED = factsOf({ digest, outcome: "verified", signatures: [valid] });
const JUNK = { ...failedAt("integrity"), digest: `sha256:${"0".repeat(64)}` };
const FLOODED = factsOf({ digest, outcome: "too-many-signatures", signatures: [JUNK] });
const REPOSITORY = { repository: IMAGE, digest };

/**
 * A judge that remembers, and whose notation process answers one request after the other. It trusts what it is told to
 * try first.
 */
function remembering(memory: SignatureMemory, ...answers: VerificationFacts[]) {
  const told: (readonly string[] | undefined)[] = [];
  const { judge } = judgeWith({
    memory,
    notation: {
      verify: async (_, remembered) => {
        const digests = await remembered;
        told.push(digests);
        return answers[told.length - 1] ?? assert.fail("asked once more than expected");
      },
    },
  });
  return {
    byDigest: () => judge(subject(`${IMAGE}@${digest}`, "reference", digest)),
    byTag: () => judge(subject(`${IMAGE}:1`)),
    told,
  };
}

describe("a verification that remembers", () => {
  const OLD = `sha256:${"1".repeat(64)}`;

  it("remembers the signatures that counted, after those that did before", async () => {
    const memory = memorySignatures();
    await memory.remember(REPOSITORY, [OLD]);

    await remembering(memory, TRUSTED).byDigest();

    assert.deepEqual(await memory.recall(REPOSITORY), [OLD, SIGNATURE]);
  });

  it("has them tried with the first request, where the digest is known", async () => {
    const memory = memorySignatures();
    await memory.remember(REPOSITORY, [OLD]);
    const { byDigest, told } = remembering(memory, FLOODED);

    assert.equal((await byDigest()).code, "too-many-signatures");
    assert.deepEqual(told, [[OLD]]);
  });

  it("has them tried with a second request, where a tag led to the image", async () => {
    const memory = memorySignatures();
    await memory.remember(REPOSITORY, [OLD]);
    const { byTag, told } = remembering(memory, FLOODED, TRUSTED);

    assert.equal((await byTag()).code, "signature-valid");
    assert.deepEqual(told, [undefined, [OLD]]);
  });

  it("does not let that request turn a denial into an inconclusive verdict", async () => {
    const memory = memorySignatures();
    await memory.remember(REPOSITORY, [OLD]);
    const throttled = failedWith({ stage: "list", kind: "unavailable", detail: "429", status: 429 });
    const { byTag } = remembering(memory, FLOODED, throttled);

    assert.equal((await byTag()).code, "too-many-signatures");
  });

  it("remembers what ECR has signed meanwhile", async () => {
    const memory = memorySignatures();
    const answers = [factsOf({ digest }), TRUSTED];
    const { judge } = judgeWith({
      memory,
      notation: { verify: async () => answers.shift() ?? assert.fail("asked once more than expected") },
      askManagedSigning: async () => ({ profiles: [{ profile: releaseIdentity, status: "COMPLETE" }] }),
    });

    assert.equal((await judge(subject(`${IMAGE}@${digest}`, "reference", digest))).code, "signature-valid");
    assert.deepEqual(await memory.recall(REPOSITORY), [SIGNATURE]);
  });
});

describe("what is remembered", () => {
  const digests = Array.from({ length: 12 }, (_, index) => `sha256:${index}`);

  it("forgets what will never be valid again, and nothing else", () => {
    const facts = [
      { ...failedAt("revocation", "revoked"), digest: "sha256:revoked" },
      { ...failedAt("expiry"), digest: "sha256:expired" },
      { ...failedAt("fetch", "unavailable"), digest: "sha256:unread" },
    ];

    const kept = updateMemory(["sha256:revoked", "sha256:expired", "sha256:unread", "sha256:untried"], facts, [
      "sha256:new",
    ]);

    assert.deepEqual(kept, ["sha256:unread", "sha256:untried", "sha256:new"]);
  });

  it("keeps the oldest and the newest, so that new ones cannot displace them all", () => {
    const kept = updateMemory(digests.slice(0, 8), [], digests.slice(8));

    assert.deepEqual(kept, [...digests.slice(0, 4), ...digests.slice(8)]);
  });
});

describe("a verification by a statement with signatures elsewhere", () => {
  const SOURCE = "444455556666.dkr.ecr.eu-west-1.amazonaws.com/source/app";
  const trust = resolve({
    statements: [
      {
        name: "mirror",
        repositories: [`${ownRegistry}/team/app`],
        identities: [releaseIdentity],
        signaturesFrom: SOURCE,
        maxAgeDays: 30,
      },
    ],
  });
  const login = { username: "AWS", password: "secret of the test" };

  it("asks for both repositories, each with the login of its registry, and for the age", async () => {
    const { judge, requests } = judgeWith({
      trust,
      credentialsFor: async (host) => ({ ...login, password: host }),
    });

    await judge(subject(`${IMAGE}@${digest}`, "reference", digest));

    assert.deepEqual(
      [requests[0]?.credentials?.password, requests[0]?.elsewhere],
      [ownRegistry, { repository: SOURCE, credentials: { ...login, password: SOURCE.split("/")[0] }, ecr: true }],
    );
    assert.equal(requests[0]?.notBefore, new Date(now.getTime() - 30 * 86_400_000).toISOString());
  });

  const withoutLogin = (facts: VerificationFacts) =>
    judgeWith({
      trust,
      facts,
      credentialsFor: async (host) => {
        if (host === ownRegistry) return login;
        throw new RegistryCredentialsError(host, "verifier-misconfigured", "no such secret");
      },
    });

  it("trusts by the signatures beside the image, whatever is wrong with the other login", async () => {
    const { judge, requests } = withoutLogin(TRUSTED);

    assert.equal((await judge(subject(`${IMAGE}:1`))).code, "signature-valid");
    assert.equal(requests[0]?.elsewhere, undefined);
  });

  it("is inconclusive without them, as the other login's failure has it", async () => {
    const { judge } = withoutLogin(factsOf({ digest }));

    assert.equal((await judge(subject(`${IMAGE}:1`))).code, "verifier-misconfigured");
  });

  it("says so of an image that does not exist", async () => {
    const { digest: _, ...facts } = failedWith({ stage: "resolve", kind: "not-found", detail: "404" });

    assert.equal((await withoutLogin(facts).judge(subject(`${IMAGE}:1`))).code, "image-not-found");
  });
});
