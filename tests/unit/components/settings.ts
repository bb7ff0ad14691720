import { parseTrustDocument } from "../../../trust/document";
import { expandTrustDocument, type ResolvedTrustDocument } from "../../../trust/expand";
import type { Settings } from "../../../verifier/src/baked-settings";
import { ACCOUNT, REGION } from "./mock-state";

export const TRUST = parseTrustDocument({
  registries: ["self"],
  statements: [{ name: "release", repositories: ["*"], identities: ["self"] }],
});

export const BEHAVIOUR: Omit<Settings, "trust"> = {
  environment: "dev",
  mode: "audit",
  onInconclusive: "alert",
  giveUpAfterSeconds: 150,
  verdictTtlSeconds: 300,
  verificationTimeoutSeconds: 20,
  maxSignatures: 50,
  stopBudget: 20,
  ledgerDays: 30,
  exemptionHours: 8,
};

/** A trust document for the account and region of the mocks. */
export function resolvedTrust(name = "release"): ResolvedTrustDocument {
  const signingProfileArn = `arn:aws:signer:${REGION}:${ACCOUNT}:/signing-profiles/${name}`;
  return expandTrustDocument(TRUST, { account: ACCOUNT, region: REGION, signingProfileArn });
}
