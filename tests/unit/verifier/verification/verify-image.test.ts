import assert from "node:assert/strict";
import type { VerificationFacts, VerificationRequest } from "../../../../verifier/src/notation/protocol";
import { RegistryCredentialsError } from "../../../../verifier/src/verification/registry/ecr-credentials";
import type { SignatureMemory } from "../../../../verifier/src/verification/signature-memory";
import { memorySignatures } from "../../../support/memory-signatures";
import { digest, now, ownRegistry } from "../../trust/documents";
import { resolve } from "../../trust/resolved";
import { factsOf, failedAt, failedWith, SIGNATURE, valid } from "./facts";
import { IMAGE, judgeWith, releaseIdentity, subject } from "./judging";

const TRUSTED = factsOf({ digest, outcome: "verified", signatures: [valid] });
const JUNK = { ...failedAt("integrity"), digest: `sha256:${"0".repeat(64)}` };
const FLOODED = factsOf({ digest, outcome: "too-many-signatures", signatures: [JUNK] });
const REPOSITORY = { repository: IMAGE, digest };

/** A judge that remembers, and whose notation process answers one request after the other. */
function remembering(memory: SignatureMemory, ...answers: VerificationFacts[]) {
  const requests: VerificationRequest[] = [];
  const { judge } = judgeWith({
    memory,
    notation: {
      verify: async (request) => {
        requests.push(request);
        return answers[requests.length - 1] ?? assert.fail("asked once more than expected");
      },
    },
  });
  return { verdict: () => judge(subject(`${IMAGE}@${digest}`, "reference", digest)), requests };
}

describe("a verification that remembers", () => {
  it("remembers the signatures that counted", async () => {
    const memory = memorySignatures();

    await remembering(memory, TRUSTED).verdict();

    assert.deepEqual(await memory.recall(REPOSITORY), [SIGNATURE]);
  });

  it("tries them before it denies, and trusts if they are valid", async () => {
    const memory = memorySignatures();
    await memory.remember(REPOSITORY, [SIGNATURE]);
    const { verdict, requests } = remembering(memory, FLOODED, TRUSTED);

    assert.equal((await verdict()).code, "signature-valid");
    assert.deepEqual(
      requests.map(({ remembered }) => remembered),
      [undefined, [SIGNATURE]],
    );
  });

  it("denies if they are no longer valid", async () => {
    const memory = memorySignatures();
    await memory.remember(REPOSITORY, [SIGNATURE]);

    assert.equal((await remembering(memory, FLOODED, FLOODED).verdict()).code, "too-many-signatures");
  });

  it("does not try again what has been tried to the end", async () => {
    const memory = memorySignatures();
    await memory.remember(REPOSITORY, [SIGNATURE]);
    const revoked = factsOf({ digest, outcome: "not-verified", signatures: [failedAt("revocation", "revoked")] });
    const { verdict, requests } = remembering(memory, revoked);

    assert.equal((await verdict()).code, "signature-revoked");
    assert.equal(requests.length, 1);
  });

  it("recalls while it verifies, and waits for it only before a denial", async () => {
    const recall = () => new Promise<never>(() => {});
    const memory: SignatureMemory = { ...memorySignatures(), recall };

    assert.equal((await remembering(memory, TRUSTED).verdict()).code, "signature-valid");
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
