import { show } from "../../trust/quote";
import { TrustFileError } from "../../trust/read";
import { explained } from "../../trust/text/fixable-error";
import { colorsFor } from "../lib/colors";
import type { PlacedProblem, TrustCheck } from "./findings";

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

/** The same for a file that cannot be read or is of another kind: the only problem is why. */
export function unreadableJson(file: string, error: Error): string {
  const position = error instanceof TrustFileError ? error.position : undefined;
  return JSON.stringify({
    file,
    kind: null,
    problems: [
      {
        path: "",
        line: position?.line ?? null,
        column: position?.column ?? null,
        value: null,
        message: error.message,
        allowed: null,
        fix: null,
      },
    ],
    warnings: [],
    notChecked: [],
  });
}

function problemJson({ path, position, value, message, allowed, fix }: PlacedProblem) {
  return {
    path,
    line: position?.line ?? null,
    column: position?.column ?? null,
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

/** What is wrong, in one line. */
export function problemLine(problem: PlacedProblem): string {
  const { allowed, fix } = problem;
  return explained({ what: factText(problem), allowed, fix });
}

function factText({ path, value, message }: PlacedProblem): string {
  return `${path === "" ? "the document" : path}: ${isShown(value) ? show(value) : "it"} ${message}.`;
}

function problemText(label: string, problem: PlacedProblem): string {
  const { position, allowed, fix } = problem;
  const place = position === undefined ? "" : `line ${position.line}, `;
  const lines = [
    `${label}  ${place}${factText(problem)}`,
    ...(allowed === undefined ? [] : [`         Allowed: ${allowed}.`]),
    ...(fix === undefined ? [] : [`         Fix: ${fix}`]),
  ];
  return lines.map((line) => `  ${line}`).join("\n");
}

/** The configuration uses a symbol in place of a value that must not be printed. */
function isShown(value: unknown): boolean {
  return typeof value !== "symbol";
}
