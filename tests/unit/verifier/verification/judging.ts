import assert from "node:assert/strict";
import { withoutUndefined } from "../../../../trust/text/without-undefined";
import type { VerificationFacts, VerificationRequest } from "../../../../verifier/src/notation/protocol";
import { createJudge, type Judge, type JudgeOptions } from "../../../../verifier/src/verification/judge";
import type { DigestBasis, Subject } from "../../../../verifier/src/verification/subject";
import { verdictCache } from "../../../../verifier/src/verification/verdict-cache";
import { digest, exemption, now, ownRegistry } from "../../trust/documents";
import { resolve } from "../../trust/resolved";
import { factsOf, valid } from "./facts";

export const IMAGE = `${ownRegistry}/team/app`;
export const releaseIdentity = "arn:aws:signer:eu-west-1:444455556666:/signing-profiles/release";

/** A judge, and what it has asked for. */
export function judgeWith(options: Partial<JudgeOptions> & { facts?: VerificationFacts } = {}) {
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
export function offlineJudge(options: Partial<JudgeOptions> = {}): Judge {
  return judgeWith({
    notation: { verify: () => assert.fail("the registry was contacted") },
    credentialsFor: () => assert.fail("credentials were asked for"),
    ...options,
  }).judge;
}

export function subject(image: string, basis: DigestBasis = "tag", reported?: string): Subject {
  return { kind: "image", container: "web", image, basis, ...withoutUndefined({ digest: reported }) };
}
