import { type SettingProblem, SettingsError } from "../settings-error";

/** A program gave settings for a gate that are wrong, or do not fit together. */
export class GateSettingsError extends SettingsError {
  override readonly name = "GateSettingsError";

  /** @param component Name of the `ImageVerification`. */
  constructor(component: string, problems: readonly SettingProblem[]) {
    super(component, "gate", problems);
  }
}
