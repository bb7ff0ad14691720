import { checkSettings } from "./check-settings";

const [settingsFile, policyFile] = process.argv.slice(2);
if (settingsFile === undefined || policyFile === undefined) {
  console.error("usage: check-settings SETTINGS.json TRUSTPOLICY.json");
  process.exitCode = 64;
} else {
  try {
    console.log(checkSettings(settingsFile, policyFile));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
