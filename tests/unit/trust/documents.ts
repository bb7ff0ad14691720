import assert from "node:assert/strict";
import type { Problem } from "../../../trust";
import { TrustDocumentError } from "../../../trust";

export const account = "111122223333";
export const region = "eu-west-1";
export const ownRegistry = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
export const release = "arn:aws:signer:eu-west-1:444455556666:/signing-profiles/release";
export const ownProfile = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/own";
export const digest = `sha256:${"a".repeat(64)}`;
export const now = new Date("2026-06-15T12:00:00Z");

/** A statement that is valid, with some of its fields replaced. */
export function statement(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return { name: "release", repositories: ["*"], identities: [release], ...fields };
}

/** An exemption that is valid, with some of its fields replaced. */
export function exemption(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    image: `public.ecr.aws/vendor/agent@${digest}`,
    owner: "platform-team",
    reason: "vendor image, not signed by us",
    expires: "2027-03-31",
    ...fields,
  };
}

/** A document that is valid, with some of its fields replaced. */
export function document(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return { registries: ["self", "registry.example.com"], statements: [statement()], ...fields };
}

/** The problems that the action throws. */
export function problemsOf(action: () => unknown): readonly Problem[] {
  try {
    action();
  } catch (error) {
    if (error instanceof TrustDocumentError) return error.problems;
    throw error;
  }
  return assert.fail("nothing was refused");
}
