import { countRunning } from "../../automation/operations/report/count-running";
import type { Status } from "../../verifier/src/verification/verdict";
import { digestText } from "../lib/digest-text";
import { printable } from "../lib/printable";
import { tableViewText } from "../report/render-text";
import { codesView, imagesView } from "../report/sections/running-section";
import type { JudgedImage } from "./judge-images";
import { repositoryText } from "./running-places";
import type { Scanned } from "./scan-output";
import { toRunningImage } from "./scan-report";

/** What is scanned. */
type Place = Pick<Scanned, "account" | "regions">;

/** What needs somebody comes first. */
const RANKS: Readonly<Record<Status, number>> = { denied: 0, inconclusive: 1, exempt: 2, trusted: 3 };

/** The images in the order in which they are shown: by status, and those that run the most first. */
export function sortJudged(images: readonly JudgedImage[]): readonly JudgedImage[] {
  return images.toSorted(
    (one, other) =>
      RANKS[one.verdict.status] - RANKS[other.verdict.status] ||
      other.group.containers.length - one.group.containers.length,
  );
}

/** A row for each image. */
export function judgedTable(images: readonly JudgedImage[], { account, regions }: Place): string {
  const naming = { account: account ?? null, registry: null, regions };
  return tableViewText(imagesView(images.map(toRunningImage), naming), ALL_ROWS);
}

/** How many images and containers there are by status and code. */
export function codesTable(images: readonly JudgedImage[]): string {
  return tableViewText(codesView(countRunning(images.map(toRunningImage))), ALL_ROWS);
}

const ALL_ROWS = { mostRows: Number.POSITIVE_INFINITY };

/** Why something could not be found out: a line for each image. */
export function openLines(images: readonly JudgedImage[]): readonly string[] {
  return images.flatMap(({ group, verdict: { status, code, digest, detail } }) =>
    status === "inconclusive"
      ? [`${repositoryText(group)} ${digestText(digest ?? group.subject.digest)}: ${code}: ${printable(detail, 500)}`]
      : [],
  );
}
