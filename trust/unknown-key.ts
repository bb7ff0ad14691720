import type { Finding } from "./problem";
import { quote } from "./quote";
import { suggestKey } from "./suggest-key";

const knownKeys = {
  document: ["registries", "statements", "exemptions"],
  registry: ["host", "credentials", "tokenServer"],
  statement: ["name", "repositories", "identities", "require", "signaturesFrom", "signedAfter", "maxAgeDays"],
  requirement: ["identities", "atLeast"],
  exemption: ["image", "owner", "reason", "expires"],
} as const;

// The names of these keys in Notation's own trust policy.
const notationNames = new Map([
  ["trustPolicies", "statements"],
  ["registryScopes", "repositories"],
  ["trustedIdentities", "identities"],
]);

/** Other names for keys that would be missed if they were only removed. */
const otherNames = {
  document: notationNames,
  registry: new Map<string, string>(),
  statement: new Map([
    ...notationNames,
    ["maxAge", "maxAgeDays"],
    ["notBefore", "signedAfter"],
    ["signedSince", "signedAfter"],
    ["required", "require"],
  ]),
  requirement: new Map([
    ...notationNames,
    ["min", "atLeast"],
    ["minimum", "atLeast"],
    ["threshold", "atLeast"],
    ["count", "atLeast"],
  ]),
  exemption: new Map([["until", "expires"]]),
} as const;

const verificationKeys = ["level", "signatureVerification", "override", "verifyTimestamp", "verificationLevel"];

/** Whether a mapping is meant to be a trust document: at least one of its keys is known, or nearly. */
export function isMeantAsTrustDocument(keys: readonly string[]): boolean {
  return keys.some(
    (key) => key === "trust" || notationNames.has(key) || suggestKey(key, knownKeys.document) !== undefined,
  );
}

function levelFinding(key: string): Finding {
  return {
    message: `is under ${quote(key)}, but the verification level cannot be chosen: it is always strict`,
    fix:
      "Remove it. Notation's other levels accept images that are unsigned, revoked or signed by someone else; " +
      "to let one image run without a signature, add an exemption.",
  };
}

function findOwner(path: readonly PropertyKey[]): keyof typeof knownKeys {
  if (path[0] === "registries") return "registry";
  if (path[0] === "statements") return path[2] === "require" ? "requirement" : "statement";
  return path[0] === "exemptions" ? "exemption" : "document";
}

/** The problem for an unknown key; `path` is that of the object that contains it. */
export function unknownKeyFinding(path: readonly PropertyKey[], key: string): Finding {
  const owner = findOwner(path);
  const known: readonly string[] = knownKeys[owner];
  if (verificationKeys.includes(key)) return levelFinding(key);
  if (key === "trustStores") {
    return { message: "does not belong here; the region determines the trust store", fix: "Remove it." };
  }
  if (path.length === 0 && key === "trust") {
    return {
      message: "is the trust document itself, not a part of it",
      fix: "Use only the content of the key trust, without the key itself.",
    };
  }
  if (owner === "statement" && key === "atLeast") {
    return { message: "belongs in an entry of require, beside its identities", fix: "Indent it below that entry." };
  }
  const renamed = otherNames[owner].get(key);
  const meant = renamed !== undefined && known.includes(renamed) ? renamed : suggestKey(key, known);
  return {
    message: `is under the unknown key ${quote(key)}`,
    allowed: known.join(", "),
    fix: meant === undefined ? "Remove it." : `Write ${meant} instead of ${quote(key)}.`,
  };
}
