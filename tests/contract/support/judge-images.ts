import type { ResolvedTrustDocument } from "../../../trust";
import { createJudge, type Judge, type JudgeOptions } from "../../../verifier/src/verification/judge";
import { verdictCache } from "../../../verifier/src/verification/verdict-cache";
import type { Verifiers } from "./verifiers";

/** A judge with a real notation process, which keeps no verdict. */
export function judgeImages(
  { notation }: Pick<Verifiers, "notation">,
  trust: ResolvedTrustDocument,
  options: Partial<JudgeOptions> = {},
): Judge {
  return createJudge({
    trust,
    notation,
    credentialsFor: async () => undefined,
    cache: verdictCache({ trustedTtlMs: 0, deniedTtlMs: 0, max: 1, now: Date.now }),
    now: Date.now,
    deadlineMs: 20_000,
    ...options,
  });
}
