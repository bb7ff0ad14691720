import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { createPace, type Pace } from "../../verifier/src/sweep/pace";
import { SCAN_CALLS_PER_SECOND } from "../../verifier/src/sweep/signer-pace";

/** The pace of a command that judges many images. */
export function createScanPace(): Pace {
  return createPace({ now: () => performance.now(), pause, perSecond: SCAN_CALLS_PER_SECOND });
}
