import { isIdentity, parseIdentity } from "../../trust/identity";
import type { Answers } from "./answers";

/** The configuration of the policy pack for the environment: docs/policy.md. It is JSON, which has no comments. */
export function policyFileText({ stack, production, identities }: Answers): string {
  // The policy takes no signer whose account is not listed; `self` needs none.
  const accounts = [...new Set(identities.flatMap((text) => (isIdentity(text) ? [parseIdentity(text).account] : [])))];
  const advisory = { enforcementLevel: "advisory" };
  const policies = {
    ...(production
      ? { "bounded-exemptions": { maxDays: 90 } }
      : { "digest-pinned": advisory, "gate-protected": advisory }),
    // The stack's file reserves none: a new account has too few.
    "verifier-resources": { reservedConcurrency: false },
    "trusted-identities": { environments: [{ name: stack, accounts }] },
  };
  return `${JSON.stringify(policies, null, 2)}\n`;
}
