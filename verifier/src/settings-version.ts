import type { Settings } from "./baked-settings";

/**
 * The version of what a deployment and the verifier's image have to agree on, since a base image may be older or newer than the
 * program that puts settings on top of it. Raise it with each change after which one of the two would misread the other: a
 * setting that is added or removed or means something else, a handler, a variable or a request that a handler needs.
 */
export const SETTINGS_VERSION = 1;

/** The settings as they stand in the file: with their version. */
export function writtenSettings(settings: Settings): Settings & { readonly version: number } {
  return { version: SETTINGS_VERSION, ...settings };
}

/** Why settings of another version cannot be read; undefined if they can. */
export function versionProblem(version: unknown): string | undefined {
  if (version === SETTINGS_VERSION) return undefined;
  const given = version === undefined ? "is missing" : `is ${JSON.stringify(version)}`;
  return `version ${given}; this verifier reads settings of version ${SETTINGS_VERSION} only: ${compared(version)}. ${FIX}`;
}

function compared(version: unknown): string {
  return Number.isInteger(version) && Number(version) > SETTINGS_VERSION
    ? "the verifier is older than what has configured it"
    : "what has configured the verifier is older than it";
}

const FIX =
  "Use a base image (verifier.baseImage) of the same release as the program, or let the image be built from its sources.";
