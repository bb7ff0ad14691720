import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { notationTrustPolicy } from "../../../trust/derive";
import { readSettings, SettingsError } from "../settings";
import { hashSettings } from "../settings-hash";

/**
 * Checks the files of an image at build time: the settings can be read, the hash for the image's label is the hash of
 * the settings, and Notation's trust policy matches the trust document in the settings. If the two differed, preview,
 * handlers and Notation would disagree.
 *
 * @param hash for the label; empty if none was given.
 * @returns one line that describes the settings.
 * @throws {@link SettingsError} that names the file and what is wrong.
 */
export function checkSettings(settingsFile: string, policyFile: string, hash: string): string {
  const settings = readSettings(settingsFile);
  const own = hashSettings(settings);
  if (hash !== own) {
    const given = hash === "" ? "is missing" : `is ${hash}`;
    throw new SettingsError(
      `--build-arg SETTINGS_HASH ${given}; the hash of the settings in ${settingsFile} is ${own}`,
    );
  }
  const { environment, mode, trust } = settings;
  const expected = JSON.parse(JSON.stringify(notationTrustPolicy(trust)));
  if (!isDeepStrictEqual(readJson(policyFile), expected)) {
    throw new SettingsError(
      `${policyFile} is not the trust policy of the trust document in ${settingsFile}. Expected: ${JSON.stringify(expected)}`,
    );
  }
  return `environment ${environment}, mode ${mode}, ${trust.statements.length} statement(s)`;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new SettingsError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
