import type { Settings } from "../verifier/src/baked-settings";
import { checkCanary } from "./canary/check-canary";
import { type GateSettings, gateContradictions } from "./gate/gate-contradictions";
import { GateSettingsError } from "./gate/gate-settings-error";
import { imageContradictions } from "./image/image-contradictions";
import { ImageSettingsError } from "./image/image-settings-error";
import type { GateArgs, ImageVerificationArgs } from "./image-verification-args";
import { sweepContradictions } from "./sweep/sweep-contradictions";
import { SweepSettingsError } from "./sweep/sweep-settings-error";

/**
 * Checks the settings of the parts that an environment may have, before any resource is made.
 *
 * @param component Name of the `ImageVerification`.
 * @throws the error of the first part whose settings are wrong, or do not fit together.
 */
export function checkParts(
  component: string,
  { gate, sweep, canary, sampleWorkload, verifier = {} }: ImageVerificationArgs,
  mode: Settings["mode"],
): void {
  const ofGate = gate === undefined ? [] : gateContradictions(known(gate), mode);
  if (ofGate.length > 0) throw new GateSettingsError(component, ofGate);
  const ofSweep = sweep === undefined ? [] : sweepContradictions(sweep, mode);
  if (ofSweep.length > 0) throw new SweepSettingsError(component, ofSweep);
  const ofImage = imageContradictions(verifier);
  if (ofImage.length > 0) throw new ImageSettingsError(component, ofImage);
  if (canary !== undefined) checkCanary(component, canary, sampleWorkload === true);
}

/** A gate's settings, without lists that are known only while Pulumi runs. */
function known({ services = [], ...gate }: GateArgs): GateSettings {
  return { ...gate, services: Array.isArray(services) ? services : undefined };
}
