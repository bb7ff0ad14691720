import type { Fault } from "../../trust/text/fixable-error";
import { intervalProblem, isInterval } from "../interval";
import { ComponentError } from "../program-error";
import type { CanarySettings } from "./canary";
import { CanarySettingsError } from "./canary-settings-error";

/**
 * Checks what a program says of a canary.
 *
 * @param component Name of the `ImageVerification`.
 * @throws {@link CanarySettingsError} and {@link CanaryWithoutSampleError}.
 */
export function checkCanary(component: string, { everyHours }: CanarySettings, hasSample: boolean): void {
  if (everyHours !== undefined && !isInterval(everyHours)) {
    throw new CanarySettingsError(component, [intervalProblem("canary", everyHours)]);
  }
  if (!hasSample) throw new CanaryWithoutSampleError(component);
}

/** A canary was asked for that has no task to start. */
export class CanaryWithoutSampleError extends ComponentError {
  override readonly name = "CanaryWithoutSampleError";

  /** @param component Name of the `ImageVerification`. */
  constructor(component: string) {
    super({
      where: `ImageVerification ${component}`,
      what: "There is a canary and no sample: the canary starts the sample's unsigned task.",
      fix: "Set sampleWorkload to true, or leave the canary out.",
    });
  }

  get fault(): Fault {
    return "input";
  }
}
