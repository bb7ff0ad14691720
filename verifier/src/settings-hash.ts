import { createHash } from "node:crypto";
import type { Settings } from "./settings";

/**
 * What tells two settings apart: SHA-256 of them, in hex, whatever the order of their keys. The image carries that of its
 * settings as a label, and the function answers with that of the settings that it runs on.
 */
export function hashSettings(settings: Settings): string {
  return createHash("sha256").update(JSON.stringify(settings, sortKeys)).digest("hex");
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
