import type { ServiceRevision } from "@aws-sdk/client-ecs";
import { repositoryOf } from "../../../trust/reference";
import type { Settings } from "../baked-settings";
import type { ContainerVerdict } from "../ecs/launch-verdict";
import type { ReasonCode, Verdict } from "../verification/verdict";
import type { GateEnvironment } from "./environment";
import { digestsOf } from "./revisions";

/**
 * Denials of images that somebody has withdrawn: what runs already is no reason to deploy more of it. Behind a flood of
 * signatures there may be a revoked one.
 */
const WITHDRAWN: ReadonlySet<ReasonCode> = new Set(["signature-revoked", "digest-blocked", "too-many-signatures"]);

function isWithdrawn({ code, revoked }: Verdict): boolean {
  return revoked === true || WITHDRAWN.has(code);
}

/**
 * Whether a refusal may be waived because the service runs the same already: never for what was withdrawn, and not where the
 * launch detector would stop the tasks anyway.
 */
export function mayRunOn(
  containers: readonly ContainerVerdict[],
  clusterArn: string,
  { mode }: Pick<Settings, "mode">,
  { watchedClusters }: Pick<GateEnvironment, "watchedClusters">,
): boolean {
  if (containers.length === 0 || containers.some(({ verdict }) => isWithdrawn(verdict))) return false;
  return mode !== "enforce" || watchedClusters?.includes(clusterArn) === false;
}

/**
 * Whether every container has, under the same name, exactly the digest that one of the running revisions has, and from the same
 * repository: under another name nobody looks at its signatures, so that a revoked one would go unseen.
 */
export function runsAlready(containers: readonly ContainerVerdict[], running: readonly ServiceRevision[]): boolean {
  if (containers.length === 0) return false;
  return running.some((revision) => {
    const digests = digestsOf(revision);
    return containers.every(
      ({ container, verdict }) =>
        verdict.digest !== undefined &&
        digests.get(container) === verdict.digest &&
        isFrom(imageOf(revision, container), verdict.reference),
    );
  });
}

/** What identifies the images of containers, for a later call about the same deployment. */
export function identifyImages(containers: readonly ContainerVerdict[]): string {
  const images = containers.map(({ container, verdict }) => [
    container,
    verdict.digest,
    repositoryOf(verdict.reference),
  ]);
  return JSON.stringify(images.toSorted(([one = ""], [other = ""]) => (one < other ? -1 : 1)));
}

function imageOf({ containerImages = [] }: ServiceRevision, container: string): string {
  return containerImages.find(({ containerName }) => containerName === container)?.image ?? "";
}

function isFrom(image: string, reference: string): boolean {
  const repository = repositoryOf(image);
  return repository !== undefined && repository === repositoryOf(reference);
}
