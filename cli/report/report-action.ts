import { buildReport } from "../../automation/operations/report/build-report";
import { deployedEnvironment } from "../environments/deployed";
import { placeFor } from "../gate/judging";
import { findSignerPlugin } from "../images/signer-plugin";
import { checkFree } from "../lib/new-file";
import { judgeAgain } from "./judge-again";
import { readFacts } from "./read-facts";
import { checkReportOptions, type ReportOptions } from "./report-options";
import { reportPolicy } from "./report-policy";
import { isMissing } from "./source-names";
import { outFile, writeReport } from "./write-report";

/** Makes the report of an environment. */
export async function report(options: ReportOptions): Promise<void> {
  // What is wrong with the call is said before a long reading.
  checkReportOptions(options);
  const file = outFile(options);
  if (file !== undefined) await checkFree(file);
  const outputs = await deployedEnvironment(options);
  if (options.permissions) {
    process.stdout.write(`${JSON.stringify(await reportPolicy(options, outputs), undefined, 2)}\n`);
    return;
  }
  if (options.trust !== undefined) {
    findSignerPlugin(options.plugin, process.env);
    await placeFor(options, outputs);
  }
  const facts = await readFacts(outputs, options, new Date());
  const whatIf = options.trust === undefined ? undefined : await judgeAgain(facts, options, outputs);
  const model = buildReport({ ...facts, whatIf });
  await writeReport(model, options.json ? { ...options, format: "json" } : options);
  for (const { name, state, detail } of model.sources.filter(isMissing)) {
    process.stderr.write(`${state === "failed" ? "Not read" : "Not all read"}: ${name}. ${detail}\n`);
  }
}
