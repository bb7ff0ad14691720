import assert from "node:assert/strict";
import type { VerificationFacts, VerificationRequest } from "../../../verifier/src/notation/protocol";
import type { Judgement } from "../../../verifier/src/verification/judge-facts";
import { judgeByAnyone } from "./judge-by-anyone";
import type { Verifiers } from "./verifiers";

/** How long after its deadline an answer may come, on a machine that has other things to do, in milliseconds. */
const TOLERANCE_MS = 1000;

/** Has our process verify an image, asserts that the answer comes in time, and judges it. */
export async function judgeInTime(
  { notation }: Verifiers,
  reference: string,
  request: Partial<VerificationRequest> = {},
): Promise<Judgement & { readonly facts: VerificationFacts }> {
  const { deadlineMs = 20_000 } = request;
  const startedAt = performance.now();
  const facts = await notation.verify({ reference, deadlineMs, ...request });
  const milliseconds = performance.now() - startedAt;
  assert.ok(milliseconds < deadlineMs + TOLERANCE_MS, `answered after ${milliseconds} ms`);
  return { ...judgeByAnyone(facts), facts };
}
