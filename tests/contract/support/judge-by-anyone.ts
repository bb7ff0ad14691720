import type { VerificationFacts } from "../../../verifier/src/notation/protocol";
import { type Judgement, judgeFacts } from "../../../verifier/src/verification/judge-facts";

/** Judges facts by a statement that trusts all their signers: the process itself refuses those that its policy does not list. */
export function judgeByAnyone(facts: VerificationFacts): Judgement {
  return judgeFacts(facts, { identities: facts.signatures.flatMap(({ profileVersion }) => profileVersion ?? []) });
}
