import type { Finding } from "./problem";
import { quote } from "./quote";
import { suggestKey } from "./suggest-key";

const knownKeys = {
  document: ["registries", "statements", "exemptions"],
  registry: ["host", "credentials", "tokenServer"],
  statement: ["name", "repositories", "identities"],
  exemption: ["image", "owner", "reason", "expires"],
} as const;

// What Notation's own trust policy calls the same thing.
const notationNames = new Map([
  ["trustPolicies", "statements"],
  ["registryScopes", "repositories"],
  ["trustedIdentities", "identities"],
]);

const verificationKeys = ["level", "signatureVerification", "override", "verifyTimestamp", "verificationLevel"];

/** Whether a mapping is meant to be a trust document: one of its keys at least is of the format, or nearly. */
export function isMeantAsTrustDocument(keys: readonly string[]): boolean {
  return keys.some(
    (key) => key === "trust" || notationNames.has(key) || suggestKey(key, knownKeys.document) !== undefined,
  );
}

function levelFinding(key: string): Finding {
  return {
    message: `stands under ${quote(key)}, but how strictly signatures are checked is not chosen: it is always strict`,
    fix:
      "Remove it. Notation's other levels accept images that are unsigned, revoked or signed by a stranger; " +
      "to let a single image run without a signature, add an exemption.",
  };
}

function findOwner(path: readonly PropertyKey[]): keyof typeof knownKeys {
  if (path[0] === "registries") return "registry";
  if (path[0] === "statements") return "statement";
  return path[0] === "exemptions" ? "exemption" : "document";
}

/** What to say about a key that is not of the format; `path` is that of the object that holds it. */
export function unknownKeyFinding(path: readonly PropertyKey[], key: string): Finding {
  const known: readonly string[] = knownKeys[findOwner(path)];
  if (verificationKeys.includes(key)) return levelFinding(key);
  if (key === "trustStores") {
    return { message: "is not said here; the trust store follows from the region", fix: "Remove it." };
  }
  if (path.length === 0 && key === "trust") {
    return {
      message: "is the trust document itself, not a part of it",
      fix: "Give what stands under the key trust, without that key.",
    };
  }
  const renamed = notationNames.get(key);
  const meant = renamed !== undefined && known.includes(renamed) ? renamed : suggestKey(key, known);
  return {
    message: `stands under the unknown key ${quote(key)}`,
    allowed: known.join(", "),
    fix: meant === undefined ? "Remove it." : `Write ${meant} for ${quote(key)}.`,
  };
}
