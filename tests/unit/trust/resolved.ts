import { expandTrustDocument, parseTrustDocument, type ResolvedTrustDocument } from "../../../trust";
import { account, document, now, ownProfile, region } from "./documents";

/** A document, valid but for the given fields, parsed and expanded for the account and region of the tests. */
export function resolve(fields: Record<string, unknown> = {}): ResolvedTrustDocument {
  const parsed = parseTrustDocument(document(fields), { now, expiredExemptions: "keep" });
  return expandTrustDocument(parsed, { account, region, signingProfileArn: ownProfile });
}
