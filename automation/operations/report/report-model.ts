import type { RunningCounts } from "./count-running";
import type { Coverage } from "./coverage";
import type { Ending } from "./ending";
import type { Exposure } from "./exposure";
import type { RunningImage } from "./running-image";
import type { VerdictHistory } from "./verdict-history";
import type { WhatIf } from "./what-if";
import type { WouldStop } from "./would-stop";

/** Version of the report's JSON form. It increases when a key changes its meaning or is removed. */
export const REPORT_VERSION = "2";

/** Something that a report is made from. */
export interface Source {
  /** For people. */
  readonly name: string;
  /**
   * `read`: it is in the report. `partly`: it is, but for what this version cannot read. `absent`: there is none here. `failed`: it
   * could not be read. With `partly` and `failed` something is missing.
   */
  readonly state: "read" | "partly" | "absent" | "failed";
  /** What was read, or why not: one or more sentences. */
  readonly detail: string;
}

/** What is known of the environment. */
export interface ReportPlace {
  /** `environment`: of a deployed environment, with a history. `scan`: of what runs at one time, without one. */
  readonly kind: "environment" | "scan";
  readonly environment: string | null;
  readonly account: string | null;
  readonly regions: readonly string[];
  /** Host of the account's own registry. */
  readonly registry: string | null;
  readonly mode: "audit" | "enforce" | null;
  /** Null if there is no gate. */
  readonly gateMode: "audit" | "enforce" | null;
  /** URL of the environment's own runbook; null if it has none. */
  readonly runbook: string | null;
  /** ARNs; null: every cluster of the account and region. */
  readonly watchedClusters: readonly string[] | null;
}

/** A report: its JSON form is this. Times are ISO 8601 in UTC. What is not known is null. */
export interface ReportModel extends ReportPlace {
  readonly version: typeof REPORT_VERSION;
  readonly madeAt: string;
  readonly sources: readonly Source[];
  /** What runs, at the time of the sweep or of the scan; null without one. */
  readonly running: (RunningCounts & { readonly at: string; readonly images: readonly RunningImage[] }) | null;
  /** The time that the history is about; null if there is none. */
  readonly history:
    | (VerdictHistory & {
        readonly since: string;
        readonly until: string;
        /** Verdicts on the canary, which are left out everywhere. */
        readonly canaryVerdicts: number;
      })
    | null;
  readonly wouldStop: WouldStop | null;
  readonly whatIf: WhatIf | null;
  readonly coverage: Coverage;
  readonly ending: Ending;
  /** Times in milliseconds. */
  readonly exposure: Exposure | null;
}
