import type { Made } from "./made";
import type { StepResult } from "./step";

/** A finished acceptance test. */
export interface Acceptance {
  readonly stack: string;
  readonly account: string;
  readonly region: string;
  /** ARN of the cluster. */
  readonly cluster: string;
  readonly begun: Date;
  readonly versions: Versions;
  readonly results: readonly StepResult[];
  /** Resources that could not be removed. */
  readonly left: readonly Made[];
}

export interface Versions {
  readonly tool: string;
  /** Of the checkout. */
  readonly commit: string;
  readonly node: string;
  readonly pulumi: string;
  /** Operating system and architecture. */
  readonly machine: string;
}

/** The result of an acceptance test in one word. */
export function toResult({ results, left }: Pick<Acceptance, "results" | "left">): "passed" | "failed" | "interrupted" {
  if (left.length > 0 || results.some(({ outcome }) => outcome === "failed")) return "failed";
  // Steps are skipped only because of a failure or an interruption.
  return results.every(({ outcome }) => outcome === "passed") ? "passed" : "interrupted";
}

/** The report, as Markdown. */
export function reportText(acceptance: Acceptance): string {
  const { stack, account, region, cluster, begun, versions, results, left } = acceptance;
  const { tool, commit, node, pulumi, machine } = versions;
  const settled = results.flatMap(({ step, assumptions }) =>
    Object.entries(assumptions).map(([id, seen]) => [`\`${id}\``, step.id, seen]),
  );
  const open = results.flatMap(({ step, outcome }) =>
    outcome === "passed" ? [] : step.settles.map((id) => [`\`${id}\``, step.id, `nothing: the step ${said(outcome)}`]),
  );
  const parts = [
    "# Acceptance of ecs-image-verification on AWS",
    table(
      ["", ""],
      [
        ["Result", toResult(acceptance)],
        ["Begun", begun.toISOString()],
        ["Account", account],
        ["Region", region],
        ["Cluster", cluster],
        ["Stack", stack],
        ["ecs-image-verification", `${tool}, commit ${commit}`],
        ["Node.js", node],
        ["Pulumi CLI", pulumi],
        ["Machine", machine],
      ],
    ),
    "## Steps",
    table(
      ["step", "proves", "result", "time", "seen"],
      results.map(({ step, outcome, milliseconds, text }) => [
        step.id,
        step.proves,
        said(outcome),
        duration(milliseconds),
        text,
      ]),
    ),
    "## Assumptions",
    "What docs/assumptions.md assumes about AWS, and what was observed.",
    table(["assumption", "step", "seen"], [...settled, ...open]),
    "## Left over",
    left.length === 0
      ? "Nothing."
      : left.map(({ what, byHand }) => `* ${what}. To remove it: \`${byHand}\``).join("\n"),
  ];
  return `${parts.join("\n\n")}\n`;
}

function said(outcome: StepResult["outcome"]): string {
  return {
    passed: "passed",
    failed: "failed",
    interrupted: "was interrupted",
    "left-out": "was left out",
  }[outcome];
}

function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

/** A table cell must fit on one line. */
function cell(text: string): string {
  return text
    .trim()
    .replaceAll("|", "\\|")
    .replace(/\s*\n\s*/g, "<br>");
}
