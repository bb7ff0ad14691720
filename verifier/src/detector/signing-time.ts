import { type ContainerVerdict, type LaunchVerdict, statusOfLaunch } from "../ecs/launch-verdict";
import type { Settings } from "../settings";
import { toStatus } from "../verification/verdict";

/**
 * Ends the wait for ECR's managed signing: from `giveUpAfterSeconds` of the event's age on, `signing-in-progress` is
 * `no-signature`, a denial that acts. `onInconclusive` is not for it: nothing of ours is out of order, the image has no
 * signature, and whoever pushes decides when ECR begins to sign.
 */
export function endSigningTime(
  { containers }: LaunchVerdict,
  ageSeconds: number,
  { giveUpAfterSeconds }: Pick<Settings, "giveUpAfterSeconds">,
): LaunchVerdict {
  const ended = ageSeconds < giveUpAfterSeconds ? containers : containers.map((one) => endOne(one, ageSeconds));
  return { status: statusOfLaunch(ended.map(({ verdict }) => verdict.status)), containers: ended };
}

function endOne(one: ContainerVerdict, ageSeconds: number): ContainerVerdict {
  if (one.verdict.code !== "signing-in-progress") return one;
  const code = "no-signature";
  const detail = `${one.verdict.detail}; it was still at work when the time was up, ${Math.round(ageSeconds)} s after the event`;
  return { ...one, verdict: { ...one.verdict, status: toStatus(code), code, detail } };
}
