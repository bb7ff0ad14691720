import { createHash } from "node:crypto";
import type { Settings } from "./baked-settings";
import { writtenSettings } from "./settings-version";

/**
 * Identifies settings: the SHA-256 of what stands in the file, their version included, in hex, independent of the order of the
 * keys. The image has the hash of its settings as a label, and the function reports the hash of the settings that it runs with.
 */
export function hashSettings(settings: Settings): string {
  return createHash("sha256")
    .update(JSON.stringify(writtenSettings(settings), sortKeys))
    .digest("hex");
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
