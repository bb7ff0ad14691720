import type { Exemption } from "../../../trust/document";
import type { SweepSummary } from "../../../verifier/src/sweep/sweep-summary";
import type { SweptImage } from "../../../verifier/src/sweep/swept-image";
import type { ListedOrder } from "../orders/list-orders";
import type { WithoutCanary } from "./canary-verdicts";
import { countRunning } from "./count-running";
import { findCoverage, type GatedService } from "./coverage";
import { findEnding } from "./ending";
import { measureExposure } from "./exposure";
import { REPORT_VERSION, type ReportModel, type ReportPlace, type Source } from "./report-model";
import { fromSwept, type RunningImage, sortRunning } from "./running-image";
import { countHistory } from "./verdict-history";
import type { WhatIf } from "./what-if";
import { findWouldStop } from "./would-stop";

/** What runs, and when that was. */
export interface RunningNow {
  readonly at: string;
  readonly images: readonly RunningImage[];
}

/** Everything that a report is made from. Undefined: it is not known, because it is not there or could not be read. */
export interface ReportFacts {
  readonly place: ReportPlace;
  readonly sources: readonly Source[];
  readonly now: Date;
  readonly running: RunningNow | undefined;
  readonly sweep: SweepSummary | undefined;
  /** In order of time, without the canary's. */
  readonly history: (WithoutCanary & { readonly since: Date }) | undefined;
  readonly services: readonly GatedService[] | undefined;
  readonly orders: readonly ListedOrder[] | undefined;
  /** Of the trust document. */
  readonly exemptions: readonly Exemption[] | undefined;
  readonly whatIf: WhatIf | undefined;
}

/** Makes the report. */
export function buildReport(facts: ReportFacts): ReportModel {
  const { place, sources, now, running, sweep, history, services, orders, exemptions, whatIf } = facts;
  const images = running?.images;
  return {
    version: REPORT_VERSION,
    madeAt: now.toISOString(),
    ...place,
    sources,
    running:
      running === undefined
        ? null
        : { at: running.at, ...countRunning(running.images), images: sortRunning(running.images) },
    history:
      history === undefined
        ? null
        : {
            since: history.since.toISOString(),
            until: now.toISOString(),
            ...countHistory(history.records, history.since, now),
            canaryVerdicts: history.canaryVerdicts,
          },
    wouldStop: findWouldStop({ records: history?.records, running: place.kind === "scan" ? undefined : images }),
    whatIf: whatIf ?? null,
    coverage: findCoverage({ services, running: images, sweep, watchedClusters: place.watchedClusters ?? undefined }),
    ending: findEnding({ running: images, exemptions, orders, now }),
    exposure: history === undefined ? null : measureExposure(history.records),
  };
}

/**
 * The images that still ran at the last sweep; undefined if there was none. While a later sweep is under way, its images have its
 * run already, and run as well.
 */
export function stillRunning(images: readonly SweptImage[], sweep: SweepSummary | undefined): RunningNow | undefined {
  if (sweep === undefined) return undefined;
  return { at: sweep.run, images: images.filter((image) => image.run >= sweep.run).map(fromSwept) };
}
