import type { ReasonCode } from "../verification/verdict";
import type { FindingContext, FindingFacts } from "./finding-facts";

/** The labels of Security Hub that a finding can have, the highest first. */
export type FindingSeverity = "CRITICAL" | "HIGH" | "MEDIUM" | "LOW";

/** Somebody has said that this image must not run: one step higher than what nobody vouches for. */
const FORBIDDEN: ReadonlySet<ReasonCode> = new Set(["signature-revoked", "digest-blocked"]);

/**
 * How severe a finding is. What is only recorded (`audit`) is one step lower than what is stopped (`enforce`), because an
 * environment audits while its images are not all signed yet. What could not be told is low in both.
 */
export function severityOf(
  { status, code }: Pick<FindingFacts, "status" | "code">,
  { mode }: Pick<FindingContext, "mode">,
): FindingSeverity {
  if (status === "inconclusive") return "LOW";
  if (FORBIDDEN.has(code)) return mode === "enforce" ? "CRITICAL" : "HIGH";
  return mode === "enforce" ? "HIGH" : "MEDIUM";
}
