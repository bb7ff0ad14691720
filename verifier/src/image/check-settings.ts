import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { notationTrustPolicy } from "../../../trust/derive";
import { readSettings, SettingsError } from "../settings";

/**
 * Checks what is about to be baked into an image: that the settings can be read, and that Notation's trust policy is the
 * one that their trust document stands for. Two that differ would make preview, handlers and Notation disagree.
 *
 * @returns one line that says what was found.
 * @throws {@link SettingsError} that names the file and what is wrong.
 */
export function checkSettings(settingsFile: string, policyFile: string): string {
  const { environment, mode, trust } = readSettings(settingsFile);
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
