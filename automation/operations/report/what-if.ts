import type { Verdict } from "../../../verifier/src/verification/verdict";
import type { ReadRecord } from "../verdict-record";
import { lastVerdicts } from "./last-verdicts";
import type { Place, RunningImage, Workload } from "./running-image";
import { workloadKey } from "./running-image";
import { workloadOf } from "./would-stop";

/** The status and code of an image. */
export interface Judgement {
  readonly status: string;
  readonly code: string;
}

/** An image that has another status with the other trust document. */
export interface Change {
  readonly repository: string | null;
  readonly digest: string | null;
  readonly reference: string;
  readonly containers: number;
  readonly places: readonly Place[];
  readonly before: Judgement;
  readonly after: Judgement;
  /** For people. Others control parts of it. */
  readonly detail: string;
}

/** An image that was denied in the last days. */
export interface DeniedBefore extends Workload {
  readonly reference: string;
  readonly before: Judgement;
  readonly after: Judgement;
}

/** What another trust document would change. */
export interface WhatIf {
  readonly file: string;
  /** Running images that were judged again; null if it is not known what runs. */
  readonly images: number | null;
  /** Images that run and were not judged again, because they have no digest or AWS adds them. */
  readonly notJudged: number;
  /** Running images with another status, those that would be denied first. */
  readonly changes: readonly Change[];
  readonly byWorkload: readonly (Workload & { readonly newlyDenied: number; readonly noLongerDenied: number })[];
  /** What was denied in the last days, and what it would be; null if the log could not be read. */
  readonly deniedBefore: readonly DeniedBefore[] | null;
}

/** A running image with the verdict by the other document. */
export interface JudgedAgain {
  readonly image: RunningImage;
  readonly verdict: Verdict;
}

/** A denial of the last days, with the verdict by the other document. */
export interface DeniedAgain {
  readonly record: ReadRecord;
  readonly verdict: Verdict;
}

export interface WhatIfFacts {
  readonly file: string;
  /** Undefined if it is not known what runs. */
  readonly judged: readonly JudgedAgain[] | undefined;
  readonly notJudged: number;
  /** Undefined if the log could not be read. */
  readonly denied: readonly DeniedAgain[] | undefined;
}

export function compareTrust({ file, judged, notJudged, denied }: WhatIfFacts): WhatIf {
  const changes = (judged ?? []).filter(({ image, verdict }) => image.status !== verdict.status).map(toChange);
  return {
    file,
    images: judged === undefined ? null : judged.length,
    notJudged,
    changes: changes.sort((one, other) => rank(one) - rank(other) || other.containers - one.containers),
    byWorkload: countChanges(changes),
    deniedBefore: denied === undefined ? null : denied.map(toDeniedBefore),
  };
}

/** The images that were denied in the last days, each once for a workload. @param records in order of time. */
export function deniedImages(records: readonly ReadRecord[]): readonly ReadRecord[] {
  const images = new Map<string, ReadRecord>();
  for (const record of lastVerdicts(records)) {
    if (record.status !== "denied" || !record.final) continue;
    images.set(`${workloadKey(workloadOf(record))} ${record.image} ${record.digest ?? ""}`, record);
  }
  return [...images.values()];
}

function toChange({ image, verdict }: JudgedAgain): Change {
  const { repository, digest, reference, containers, places, status, code } = image;
  return {
    repository,
    digest,
    reference,
    containers,
    places,
    before: { status, code },
    after: { status: verdict.status, code: verdict.code },
    detail: verdict.detail,
  };
}

function toDeniedBefore({ record, verdict }: DeniedAgain): DeniedBefore {
  return {
    ...workloadOf(record),
    reference: record.image,
    before: { status: record.status, code: record.code },
    after: { status: verdict.status, code: verdict.code },
  };
}

function rank({ before, after }: Change): number {
  if (after.status === "denied") return 0;
  if (after.status === "inconclusive") return 1;
  return before.status === "denied" ? 2 : 3;
}

function countChanges(changes: readonly Change[]): WhatIf["byWorkload"] {
  const rows = new Map<string, Workload & { newlyDenied: number; noLongerDenied: number }>();
  for (const { places, before, after } of changes) {
    for (const { cluster, group } of places) {
      const key = workloadKey({ cluster, group });
      const row = rows.get(key) ?? { cluster, group, newlyDenied: 0, noLongerDenied: 0 };
      if (after.status === "denied") row.newlyDenied += 1;
      else if (before.status === "denied") row.noLongerDenied += 1;
      rows.set(key, row);
    }
  }
  return [...rows.values()]
    .filter(({ newlyDenied, noLongerDenied }) => newlyDenied + noLongerDenied > 0)
    .sort((one, other) => other.newlyDenied - one.newlyDenied || other.noLongerDenied - one.noLongerDenied);
}
