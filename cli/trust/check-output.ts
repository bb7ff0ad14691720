import type { Problem } from "../../trust/problem";
import { show } from "../../trust/quote";
import { colorsFor } from "../lib/colors";
import type { TrustCheck } from "./findings";

const colors = colorsFor(process.stdout);

/** The findings in a file as one line of JSON. Every key is present; unknown values are `null`. */
export function trustCheckJson({ file, kind, problems, warnings, notChecked }: TrustCheck): string {
  return JSON.stringify({
    file,
    kind,
    problems: problems.map(problemJson),
    warnings: warnings.map(problemJson),
    notChecked,
  });
}

function problemJson({ path, value, message, allowed, fix }: Problem) {
  return {
    path,
    value: isShown(value) ? (value ?? null) : null,
    message,
    allowed: allowed ?? null,
    fix: fix ?? null,
  };
}

/** The findings in a file, for people. */
export function trustCheckText({ file, problems, warnings, notChecked }: TrustCheck): string {
  const counts = [
    problems.length === 0 ? "no problems" : counted(problems.length, "problem"),
    ...(warnings.length === 0 ? [] : [counted(warnings.length, "warning")]),
  ];
  const found = [
    ...problems.map((problem) => problemText(colors.red("PROBLEM"), problem)),
    ...warnings.map((warning) => problemText(colors.yellow("WARNING"), warning)),
  ];
  return [
    [`${colors.bold(file)}: ${counts.join(", ")}`, ...notChecked.map((what) => `  Not checked: ${what}.`)].join("\n"),
    ...found,
  ].join("\n\n");
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function problemText(label: string, { path, value, message, allowed, fix }: Problem): string {
  const lines = [
    `${label}  ${path === "" ? "the document" : path}: ${isShown(value) ? show(value) : "it"} ${message}.`,
    ...(allowed === undefined ? [] : [`         Allowed: ${allowed}.`]),
    ...(fix === undefined ? [] : [`         Fix: ${fix}`]),
  ];
  return lines.map((line) => `  ${line}`).join("\n");
}

/** The configuration uses a symbol in place of a value that must not be printed. */
function isShown(value: unknown): boolean {
  return typeof value !== "symbol";
}
