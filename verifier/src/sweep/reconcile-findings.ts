import type { FindingContext, FindingFacts, FindingPlace } from "../findings/finding-facts";
import { findingId, imageOf } from "../findings/finding-id";
import type { ArchivedFinding, Findings, KnownFindings } from "../findings/findings";
import { RENEW_AFTER_MS } from "../findings/known-finding";
import { isBad } from "../verification/verdict";
import type { SweptImage, SweptPlace } from "./swept-image";

/** What a sweep has read. */
export interface SweepReading {
  /** When it began to read what runs, in milliseconds since 1970. */
  readonly startedAt: number;
  /** ARNs of the clusters that were read to their end. Findings of others are not archived. */
  readonly readClusters: ReadonlySet<string>;
  /**
   * ARNs of all clusters that there are, where every cluster is watched and their list was read to its end: findings of
   * clusters that are gone are archived. Default: not known.
   */
  readonly listedClusters?: ReadonlySet<string>;
}

/** What a sweep changes. */
export interface Reconciliation {
  readonly report: readonly FindingFacts[];
  readonly archive: readonly ArchivedFinding[];
}

/**
 * Brings the findings in line with what a sweep has found, and sends all that is unsent: one finding for each place of a
 * denied or finally inconclusive image, and none for what passes or no longer runs. Never rejects.
 *
 * @param images All images of the run.
 */
export async function reconcileFindings(
  findings: Findings,
  images: readonly SweptImage[],
  reading: SweepReading,
): Promise<void> {
  const known = await findings.known();
  // Without the ledger nothing can be kept, and it is not known what to archive. The next sweep finds the same.
  if (known === "unreached") return;
  const { report, archive } = decideReconciliation(known, images, reading, findings.context);
  await findings.report(report, known);
  await findings.archive(archive, known);
  await findings.flush();
}

/** Decides which findings a sweep opens or updates, and which it archives. */
export function decideReconciliation(
  known: KnownFindings,
  images: readonly SweptImage[],
  { startedAt, readClusters, listedClusters }: SweepReading,
  context: FindingContext,
): Reconciliation {
  const report = new Map<string, FindingFacts>();
  for (const facts of images.flatMap(factsOf)) {
    const id = findingId(context, facts);
    if (!report.has(id)) report.set(id, facts);
  }
  // Some of their places are not listed: findings there may be true.
  const elsewhere = new Set(images.filter(({ status, morePlaces }) => isBad(status) && morePlaces > 0).map(imageOf));
  const passing = new Set(images.filter(({ status }) => !isBad(status)).map(imageOf));
  const isRead = (cluster: string) => readClusters.has(cluster) || listedClusters?.has(cluster) === false;
  // A launch within the hour before may have been seen without being written again, and its task may be too new for the list.
  const isOld = (launchedAt = 0) => launchedAt < startedAt - RENEW_AFTER_MS.launch;
  const archive = [...known.values()]
    .filter(({ state, id }) => state === "active" && !report.has(id))
    .filter(({ cluster, image, launchedAt }) => isRead(cluster) && !elsewhere.has(image) && isOld(launchedAt))
    .map(({ id, image }): ArchivedFinding => ({ id, state: passing.has(image) ? "passed" : "gone" }));
  return { report: [...report.values()], archive };
}

/** The findings about an image: one for each place. */
function factsOf(image: SweptImage): readonly FindingFacts[] {
  const { status, code, detail, signers, reference, digest, places } = image;
  if (!isBad(status)) return [];
  return places.map((place) => {
    const { task } = place;
    return { ...placeOf(place), reference, digest, task: task.arn, status, code, detail, signers };
  });
}

function placeOf({ cluster, group, container, task }: SweptPlace): Omit<FindingPlace, "reference" | "digest"> {
  return { cluster, group, container, taskDefinition: task.taskDefinition };
}
