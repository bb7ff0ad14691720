import { checkSettings } from "./check-settings";

const [settingsFile, policyFile, hash] = process.argv.slice(2);
if (settingsFile === undefined || policyFile === undefined || hash === undefined) {
  console.error("usage: check-settings SETTINGS.json TRUSTPOLICY.json HASH");
  process.exitCode = 64;
} else {
  try {
    console.log(checkSettings(settingsFile, policyFile, hash));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
