import type { ServiceRevision } from "@aws-sdk/client-ecs";
import type { ContainerVerdict } from "../ecs/launch-verdict";
import type { Settings } from "../settings";
import type { ReasonCode } from "../verification/verdict";
import type { GateEnvironment } from "./environment";
import { digestsOf } from "./revisions";

/** Denials of images that somebody has withdrawn: what runs already is no reason to deploy more of it. */
const WITHDRAWN: ReadonlySet<ReasonCode> = new Set(["signature-revoked", "digest-blocked"]);

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
  if (containers.length === 0 || containers.some(({ verdict }) => WITHDRAWN.has(verdict.code))) return false;
  return mode !== "enforce" || watchedClusters?.includes(clusterArn) === false;
}

/** Whether every container has, under the same name, exactly the digest that one of the running revisions has. */
export function runsAlready(containers: readonly ContainerVerdict[], running: readonly ServiceRevision[]): boolean {
  if (containers.length === 0) return false;
  return running.some((revision) => {
    const digests = digestsOf(revision);
    return containers.every(
      ({ container, verdict }) => verdict.digest !== undefined && digests.get(container) === verdict.digest,
    );
  });
}
