import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { notationTrustPolicy } from "../../../trust/derive";
import { readSettings, SettingsError } from "../settings";
import { hashSettings } from "../settings-hash";

/**
 * Checks what is about to be baked into an image: that the settings can be read, that the hash for the image's label is
 * theirs, and that Notation's trust policy is the one that their trust document stands for. Two that differ would make
 * preview, handlers and Notation disagree.
 *
 * @param hash for the label; empty if none was given.
 * @returns one line that says what was found.
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
