import type { RunningProgram } from "../../../local/process";
import { startDistribution } from "./distribution";
import { findExecutable, skipOrFail } from "./requirements";
import type { SceneOptions } from "./scene";

/**
 * Starts Debian's `docker-registry` (distribution 2.8: no referrers API, and it checks what manifests name) before the
 * tests of a `describe` and ends it after them; skips them where it is not installed. The result is for `useScene`.
 */
export function useDockerRegistry(): () => SceneOptions {
  let registry: RunningProgram | undefined;
  before(async function () {
    const executable = findExecutable("docker-registry");
    if (executable === undefined)
      return skipOrFail(this, "docker-registry is not on PATH. Install Debian's package docker-registry.");
    registry = await startDistribution(executable);
  });
  after(() => registry?.stop());
  // A scene is started also for tests that are skipped.
  return () => (registry === undefined ? {} : { registry: registry.address });
}
