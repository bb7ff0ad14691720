import { USES, type Use } from "../lib/use";

/** How bad something is: `problem` prevents a use; a `warning` may, or is only not known. */
export type Level = "ok" | "warning" | "problem";

/** What was found about one thing that a use needs. */
export interface Finding {
  /** For programs, such as `signer-plugin`. */
  readonly id: string;
  readonly name: string;
  readonly level: Level;
  /** What is the case: words without a full stop. */
  readonly says: string;
  /** What to do: sentences. */
  readonly fix?: string;
  /** The ways of use that need it. */
  readonly uses: readonly Use[];
}

/** A thing that is looked at, without what is found. */
export type Subject = Pick<Finding, "id" | "name" | "uses">;

/** The findings about one subject. */
export function about(subject: Subject) {
  const found =
    (level: Level) =>
    (says: string, fix?: string): Finding => ({ ...subject, level, says, ...(fix === undefined ? {} : { fix }) });
  return { ok: found("ok"), warning: found("warning"), problem: found("problem") };
}

/** Whether nothing that was found prevents each use. */
export function readiness(findings: readonly Finding[], uses: readonly Use[]): ReadonlyMap<Use, boolean> {
  const prevented = (use: Use) =>
    findings.some(({ level, uses: needed }) => level === "problem" && needed.includes(use));
  return new Map(uses.map((use) => [use, !prevented(use)]));
}

export const EVERY_USE: readonly Use[] = USES;
