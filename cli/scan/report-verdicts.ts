import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import type { ImageGroup } from "../../verifier/src/sweep/group-images";
import { startOnTrust, withRoots } from "../images/start-judging";
import { statusCounts } from "../images/verdict-output";
import { count } from "../lib/count";
import { EXIT, toExitCode } from "../lib/exit-code";
import { applyOrders } from "../orders/apply-orders";
import { emitReport, writeReport } from "../report/write-report";
import { type JudgedImage, judgeImages } from "./judge-images";
import type { ScanOptions } from "./scan-options";
import { judgedJson, runningLine, type Scanned, unreadLines } from "./scan-output";
import { trustOfScan } from "./scan-place";
import { scanReport } from "./scan-report";
import { codesTable, judgedTable, openLines, sortJudged } from "./verdicts-text";

/** Judges what runs with the trust document of the options, prints the verdicts and sets the exit code. */
export async function reportVerdicts(
  scanned: Scanned,
  groups: readonly ImageGroup[],
  options: ScanOptions,
  outputs: EnvironmentOutputs | undefined,
): Promise<void> {
  const { running } = scanned;
  const images = sortJudged(groups.length === 0 ? [] : await judge(scanned, groups, options, outputs));
  if (options.json) process.stdout.write(`${judgedJson(scanned, images)}\n`);
  else if (options.format !== undefined && options.format !== "table") {
    await writeReport(scanReport(scanned, images, outputs, new Date()), options);
  } else if (images.length > 0 || options.out !== undefined) {
    await emitReport(
      [judgedTable(images, scanned), ...openLines(images), "", codesTable(images), ""].join("\n"),
      options,
    );
  }
  const said = runningLine(
    running,
    `${count(images.length, "image")}: ${statusCounts(images.map(({ verdict }) => verdict))}`,
  );
  process.stderr.write([...unreadLines(running), said, ""].join("\n"));
  const code = toExitCode(images.map(({ verdict }) => verdict.status));
  process.exitCode = code === EXIT.trusted && running.unread.length > 0 ? EXIT.inconclusive : code;
}

async function judge(
  { account, regions }: Scanned,
  groups: readonly ImageGroup[],
  options: ScanOptions,
  outputs: EnvironmentOutputs | undefined,
): Promise<readonly JudgedImage[]> {
  const { trust } = await trustOfScan(options, { outputs, account, regions });
  const verification = await startOnTrust(await withRoots(trust, options.trustStore), options, {
    chooseAround: outputs && (() => applyOrders(outputs)),
  });
  try {
    return await judgeImages(groups, verification.judge);
  } finally {
    await verification.stop();
  }
}
