import type { ReadRecord } from "../verdict-record";
import type { Attachment } from "./attachment-state";
import type { CheckedService } from "./check-services";

/** How long a service must have been without a refusal and without an error of the gate, in days. */
export const READY_DAYS = 14;

/** Why a service is not ready to be enforced, or why that is not known. */
export type NotReady =
  | { readonly kind: "not-attached" | "attached-otherwise" | "not-checked" }
  /** Something of it would be refused now, or could not be judged. */
  | {
      readonly kind: "denied-now" | "inconclusive-now";
      readonly which: string;
      readonly container: string;
      readonly code: string;
    }
  /** It would have been refused, or let through without a verdict, in the last days. */
  | { readonly kind: "refused-before"; readonly last: ReadRecord; readonly deployments: number }
  | { readonly kind: "gate-errors"; readonly count: number }
  | { readonly kind: "log-not-read" };

/** Whether the gate can be made to enforce for a service. */
export interface Readiness {
  readonly ready: "yes" | "no" | "unknown";
  readonly reasons: readonly NotReady[];
  /** How many of its deployments the gate has judged in the last days. */
  readonly judged: number;
}

export interface ReadinessFacts {
  readonly attachment: Attachment;
  readonly checked: CheckedService | undefined;
  /** Undefined if the log could not be read. */
  readonly history: { readonly records: readonly ReadRecord[]; readonly errors: number } | undefined;
}

const UNKNOWN: ReadonlySet<NotReady["kind"]> = new Set(["not-checked", "inconclusive-now", "log-not-read"]);

/**
 * Decides whether a service is ready: the gate is attached as it should be, running and previous revision are trusted, and
 * in the last {@link READY_DAYS} the gate has recorded no denial, no verdict that stayed inconclusive, and no error.
 */
export function judgeReadiness({ attachment, checked, history }: ReadinessFacts): Readiness {
  const reasons = [...attachmentReasons(attachment), ...checkReasons(checked), ...historyReasons(history)];
  const ready = reasons.length === 0 ? "yes" : reasons.every(({ kind }) => UNKNOWN.has(kind)) ? "unknown" : "no";
  return { ready, reasons, judged: deploymentsIn(history?.records ?? []) };
}

function attachmentReasons({ state }: Attachment): readonly NotReady[] {
  if (state === "attached") return [];
  return [{ kind: state === "attached-otherwise" ? "attached-otherwise" : "not-attached" }];
}

function checkReasons(checked: CheckedService | undefined): readonly NotReady[] {
  if (checked === undefined || checked.outcome.result === "failed") return [{ kind: "not-checked" }];
  if (checked.outcome.result === "other-controller") return [];
  return checked.outcome.revisions.flatMap(({ which, containers }) =>
    containers.flatMap(({ container, verdict: { status, code } }): readonly NotReady[] => {
      if (status === "denied") return [{ kind: "denied-now", which, container, code }];
      return status === "inconclusive" ? [{ kind: "inconclusive-now", which, container, code }] : [];
    }),
  );
}

function historyReasons(history: ReadinessFacts["history"]): readonly NotReady[] {
  if (history === undefined) return [{ kind: "log-not-read" }];
  const { records, errors } = history;
  const bad = records.filter(({ status, final }) => status === "denied" || (status === "inconclusive" && final));
  const last = bad.at(-1);
  return [
    ...(last === undefined ? [] : [{ kind: "refused-before" as const, last, deployments: deploymentsIn(bad) }]),
    ...(errors === 0 ? [] : [{ kind: "gate-errors" as const, count: errors }]),
  ];
}

function deploymentsIn(records: readonly ReadRecord[]): number {
  return new Set(records.map(({ deployment }) => deployment)).size;
}
