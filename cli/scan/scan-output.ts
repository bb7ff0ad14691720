import { serviceOf } from "../../automation/operations/report/running-image";
import type { ImageGroup } from "../../verifier/src/sweep/group-images";
import { toVerdictJson } from "../images/verdict-output";
import { count } from "../lib/count";
import { asciiJson, printable } from "../lib/printable";
import type { JudgedImage } from "./judge-images";
import type { Running } from "./read-running";
import { placesOf } from "./running-places";

/** What a scan was about. */
export interface Scanned {
  readonly running: Running;
  readonly account: string | undefined;
  readonly regions: readonly string[];
  /** Undefined if no environment was named. */
  readonly environment: string | undefined;
}

/** What was read, as a sentence. `images` says what became of them. */
export function runningLine({ clusters, tasks, containers }: Running, images: string): string {
  const of = `${count(tasks, "task")} in ${count(clusters, "cluster")}`;
  return containers.length === 0
    ? `${of}: nothing runs.`
    : `${count(containers.length, "container")} of ${of} ${containers.length === 1 ? "runs" : "run"} ${images}.`;
}

/** A line for each place that could not be read. */
export function unreadLines({ unread }: Running): readonly string[] {
  return unread.map(({ place, error }) => `Not read: ${printable(place, 300)}: ${printable(error, 500)}`);
}

/** A scan with verdicts as one JSON document. Every key is present; unknown values are `null`. */
export function judgedJson(scanned: Scanned, images: readonly JudgedImage[]): string {
  return scanJson(
    scanned,
    images.map(({ group, verdict }) => ({
      ...imageJson(group),
      digest: verdict.digest ?? group.subject.digest ?? null,
      verdict: toVerdictJson(verdict.reference, verdict),
    })),
  );
}

/** The document around the images. */
export function scanJson({ running, account, regions, environment }: Scanned, images: readonly object[]): string {
  const { clusters, tasks, containers, unread } = running;
  return asciiJson({
    account: account ?? null,
    regions,
    environment: environment ?? null,
    clusters,
    tasks,
    containers: containers.length,
    images,
    unread,
  });
}

/** What runs of an image. */
export function imageJson({ subject, repository, containers }: ImageGroup) {
  return {
    kind: subject.kind,
    image: subject.kind === "image" ? (subject.image ?? null) : null,
    repository: repository ?? null,
    containers: containers.length,
    places: placesOf(containers).map(({ cluster, group, containers: number }) => ({
      cluster,
      service: serviceOf({ group }) ?? null,
      group,
      containers: number,
    })),
  };
}
