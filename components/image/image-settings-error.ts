import { type SettingProblem, SettingsError } from "../settings-error";

/** A program gave settings for the verifier's image that are wrong, or do not fit together. */
export class ImageSettingsError extends SettingsError {
  override readonly name = "ImageSettingsError";

  /** @param component Name of the `ImageVerification`. */
  constructor(component: string, problems: readonly SettingProblem[]) {
    super(component, "verifier", problems);
  }
}
