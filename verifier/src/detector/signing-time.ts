import type { Settings } from "../baked-settings";
import type { ContainerVerdict } from "../ecs/launch-verdict";
import { toStatus } from "../verification/verdict";

/**
 * Ends the wait for ECR's managed signing: when the event is `giveUpAfterSeconds` old, `signing-in-progress` becomes
 * a denial, which is enforced: `no-signature`, or what the signatures that exist lead to. `onInconclusive` does not apply: nothing on our side has failed, the image
 * has no signature, and whoever pushes images decides when ECR starts to sign.
 */
export function endSigningTime(
  containers: readonly ContainerVerdict[],
  ageSeconds: number,
  { giveUpAfterSeconds }: Pick<Settings, "giveUpAfterSeconds">,
): readonly ContainerVerdict[] {
  return ageSeconds < giveUpAfterSeconds ? containers : containers.map((one) => endOne(one, ageSeconds));
}

function endOne(one: ContainerVerdict, ageSeconds: number): ContainerVerdict {
  if (one.verdict.code !== "signing-in-progress") return one;
  const code = one.verdict.otherwise ?? "no-signature";
  const detail = `${one.verdict.detail}; it was still in progress when the time limit was reached, ${Math.round(ageSeconds)} s after the event`;
  return { ...one, verdict: { ...one.verdict, status: toStatus(code), code, detail } };
}
