import { createHash } from "node:crypto";
import type { Settings } from "./baked-settings";

/**
 * Identifies settings: their SHA-256 in hex, independent of the order of their keys. The image has the hash of its
 * settings as a label, and the function reports the hash of the settings that it runs with.
 */
export function hashSettings(settings: Settings): string {
  return createHash("sha256").update(JSON.stringify(settings, sortKeys)).digest("hex");
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
