import { colorsFor } from "../lib/colors";
import { count } from "../lib/count";
import { layOutTable, outputWidth } from "../lib/table";
import type { Use } from "../lib/use";
import type { Finding, Level } from "./finding";

const colors = colorsFor(process.stdout);

const COLOUR: Readonly<Record<Level, (text: string) => string>> = {
  ok: colors.green,
  warning: colors.yellow,
  problem: colors.red,
};

/** What each use is called. */
const NAMES: Readonly<Record<Use, string>> = {
  "command-line": "Command line (sign, verify, inspect, scan)",
  deployment: "Deployment (preview, up)",
};

const COLUMNS = [{ name: "" }, { name: "" }, { name: "", wrapTo: 30 }];

/** The findings for people, those for every use first, with what to do about each. */
export function doctorText(findings: readonly Finding[], ready: ReadonlyMap<Use, boolean>): string {
  const uses = [...ready.keys()];
  const groups = [
    { title: "Every use", own: findings.filter((finding) => finding.uses.length > 1) },
    ...uses.map((use) => ({
      title: NAMES[use],
      own: findings.filter((finding) => finding.uses.length === 1 && finding.uses.includes(use)),
    })),
  ].filter(({ own }) => own.length > 0);
  const rows = findings.flatMap(rowsOf);
  const { line } = layOutTable(COLUMNS, rows, outputWidth());
  return [
    ...groups.flatMap(({ title, own }, index) => [
      ...(index === 0 ? [] : [""]),
      colors.bold(title),
      ...own.flatMap(rowsOf).flatMap((row) => line(row).split("\n")),
    ]),
    "",
    ...uses.map((use) => readyText(use, findings, ready)),
  ].join("\n");
}

function rowsOf({ level, name, says, fix }: Finding): readonly (readonly string[])[] {
  return [[COLOUR[level](level), name, says], ...(fix === undefined ? [] : [["", "", `-> ${fix}`]])];
}

function readyText(use: Use, findings: readonly Finding[], ready: ReadonlyMap<Use, boolean>): string {
  const number = (level: Level) =>
    findings.filter((finding) => finding.level === level && finding.uses.includes(use)).length;
  const isReady = ready.get(use) === true;
  const counts = [
    ...(number("problem") === 0 ? [] : [count(number("problem"), "problem")]),
    ...(number("warning") === 0 ? [] : [count(number("warning"), "warning")]),
  ];
  const state = isReady ? colors.green("ready") : colors.red("not ready");
  return `${NAMES[use]}: ${state}${counts.length === 0 ? "" : `, ${counts.join(" and ")}`}.`;
}

/** The findings for programs. */
export function doctorJson(findings: readonly Finding[], ready: ReadonlyMap<Use, boolean>): string {
  return JSON.stringify({
    ready: Object.fromEntries(ready),
    findings: findings.map(({ id, name, level, says, fix, uses }) => ({
      id,
      name,
      level,
      uses,
      says,
      fix: fix ?? null,
    })),
  });
}
