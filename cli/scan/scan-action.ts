import { groupImages } from "../../verifier/src/sweep/group-images";
import { deployedEnvironment } from "../environments/deployed";
import { isDeployed } from "../environments/deployed-options";
import { checkTrustNamed } from "../gate/judging";
import { findSignerPlugin } from "../images/signer-plugin";
import { checkFree } from "../lib/new-file";
import { outFile } from "../report/write-report";
import { readRunning } from "./read-running";
import { reportSigners } from "./report-signers";
import { reportVerdicts } from "./report-verdicts";
import { checkScanOptions, hasTrust, type ScanOptions, suggestionFile } from "./scan-options";
import { accountOf, scannedRegions } from "./scan-place";
import { scanPolicy } from "./scan-policy";

/** Reads what runs, judges it or lists its signers, prints that and sets the exit code. */
export async function scan(options: ScanOptions): Promise<void> {
  checkScanOptions(options);
  const outputs = isDeployed(options) ? await deployedEnvironment(options) : undefined;
  // What is wrong with the call is said before a long listing.
  if (outputs !== undefined) checkTrustNamed(options, outputs);
  if (options.permissions) {
    process.stdout.write(`${JSON.stringify(await scanPolicy(options, outputs), undefined, 2)}\n`);
    return;
  }
  const file = options.suggest === undefined ? outFile(options) : suggestionFile(options.suggest, options);
  if (file !== undefined) await checkFree(file);
  findSignerPlugin(options.plugin, process.env);
  const regions = await scannedRegions(options, outputs);
  const running = await readRunning(regions, options.allClusters ? undefined : options.cluster);
  const account = accountOf(running.containers);
  const scanned = { running, account, regions, environment: outputs?.environment };
  const groups = groupImages(running.containers);
  if (hasTrust(options)) await reportVerdicts(scanned, groups, options, outputs);
  else await reportSigners(scanned, groups, options);
}
