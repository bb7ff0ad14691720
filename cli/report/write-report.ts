import { stripVTControlCharacters } from "node:util";
import type { ReportModel } from "../../automation/operations/report/report-model";
import { type NewFile, writeNewFile } from "../lib/new-file";
import { describeReport } from "./describe-report";
import { renderJson } from "./render-json";
import { renderMarkdown } from "./render-markdown";
import { renderText } from "./render-text";
import type { FormOptions } from "./report-options";

/** The file that the options name; undefined for standard output. */
export function outFile({ out, force }: FormOptions): NewFile | undefined {
  return out === undefined ? undefined : { option: "--out", file: out, force: force === true };
}

/** Writes a report in its form, to the file or to standard output. */
export async function writeReport(report: ReportModel, options: FormOptions): Promise<void> {
  await emitReport(renderReport(report, options), options);
}

/** Writes the text of a report to the file of the options, without colours, or to standard output. */
export async function emitReport(text: string, options: FormOptions): Promise<void> {
  const file = outFile(options);
  if (file === undefined) process.stdout.write(text);
  else await writeNewFile(file, stripVTControlCharacters(text));
}

function renderReport(report: ReportModel, { format = "table", out }: FormOptions): string {
  switch (format) {
    case "json":
      return renderJson(report);
    case "markdown":
      return renderMarkdown(describeReport(report));
    case "html": {
      // Its charts take long to load.
      const { renderPage } = require("./page/render-page") as typeof import("./page/render-page");
      return renderPage(describeReport(report));
    }
    case "table":
      return renderText(describeReport(report), out === undefined ? {} : { width: Number.POSITIVE_INFINITY });
  }
}
