import { type SettingProblem, SettingsError } from "../settings-error";

/** A program gave settings for a canary that are wrong, or do not fit together. */
export class CanarySettingsError extends SettingsError {
  override readonly name = "CanarySettingsError";

  /** @param component Name of the `ImageVerification`. */
  constructor(component: string, problems: readonly SettingProblem[]) {
    super(component, "canary", problems);
  }
}
