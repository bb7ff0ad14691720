import type { ReportModel } from "../../automation/operations/report/report-model";
import { asciiJson } from "../lib/printable";

/** A report as one line of JSON: the model itself, every key there. docs/report.md documents it. */
export function renderJson(report: ReportModel): string {
  return `${asciiJson(report)}\n`;
}
