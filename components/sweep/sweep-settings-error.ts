import { type SettingProblem, SettingsError } from "../settings-error";

/** A program gave settings for a sweep that are wrong, or do not fit together. */
export class SweepSettingsError extends SettingsError {
  override readonly name = "SweepSettingsError";

  /** @param component Name of the `ImageVerification`. */
  constructor(component: string, problems: readonly SettingProblem[]) {
    super(component, "sweep", problems);
  }
}
