import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../package-root";
import { whyUnreadable } from "../../trust/unreadable-file";
import { nextStep } from "../../verifier/src/reporting/next-step";
import { RUNBOOK, runbookOfCode } from "../../verifier/src/reporting/runbook";
import { type ReasonCode, type Status, toStatus } from "../../verifier/src/verification/verdict";
import { CommandFailedError } from "../lib/errors";

/** What there is to say of a reason code. */
export interface Explanation {
  readonly code: ReasonCode;
  readonly status: Status;
  /** What it means, and what causes it. */
  readonly means: string;
  /** What to do, in one line, as messages say it. */
  readonly next: string;
  readonly look: string;
  readonly do: string;
  /** When to wake somebody. */
  readonly wake: string;
  /** The section of the runbook with all this. */
  readonly runbook: string;
}

const FILE = join(PACKAGE_ROOT, RUNBOOK);

/**
 * The explanations of reason codes, from their sections of the runbook: so they are written once.
 *
 * @throws {@link CommandFailedError} if the runbook cannot be read.
 */
export async function readExplanations(codes: readonly ReasonCode[]): Promise<readonly Explanation[]> {
  const sections = sectionsOf(await readRunbook());
  return codes.map((code) => {
    const said = labelsOf(sections.get(code) ?? "");
    const part = (label: string) => said.get(label) ?? `See ${runbookOfCode(code)}.`;
    return {
      code,
      status: toStatus(code),
      means: part("Means"),
      next: nextStep(code),
      look: part("Look"),
      do: part("Do"),
      wake: part("Wake"),
      runbook: runbookOfCode(code),
    };
  });
}

async function readRunbook(): Promise<string> {
  try {
    return await readFile(FILE, "utf8");
  } catch (error) {
    throw new CommandFailedError(`${FILE}: ${whyUnreadable(FILE, error)} It belongs to this program.`);
  }
}

/** The text below each heading. */
function sectionsOf(markdown: string): ReadonlyMap<string, string> {
  const parts = markdown.split(/^##+ /m).slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf("\n")), part.slice(part.indexOf("\n"))]));
}

/** What follows each label of a section: `* **Means:** ...`. */
function labelsOf(section: string): ReadonlyMap<string, string> {
  const [, ...parts] = section.split(/^\* \*\*(?=\w+:\*\*)/m);
  return new Map(
    parts.map((part) => {
      const [, label = "", text = ""] = /^(\w+):\*\*(.*)$/s.exec(part) ?? [];
      return [label, plainText(text)];
    }),
  );
}

/** Without the Markdown that a terminal does not show. */
function plainText(markdown: string): string {
  const text = markdown
    .replace(/\[([^\]]+)\]\([^)]*\)/g, "$1")
    .replaceAll("**", "")
    .replace(/\s+/g, " ")
    .trim();
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
