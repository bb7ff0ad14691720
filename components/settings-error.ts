import { show } from "../trust/quote";
import type { Fault } from "../trust/text/fixable-error";
import { ComponentError } from "./program-error";

/** A setting of a part that is wrong, or does not fit another one. */
export interface SettingProblem<Setting extends string = string> {
  /** The setting, inside the part. */
  readonly setting: Setting;
  readonly value: unknown;
  /** Completes a sentence that begins with the value. */
  readonly message: string;
  readonly allowed?: string;
  readonly fix: string;
}

/** A program gave settings for a part that are wrong, or do not fit together. */
export abstract class SettingsError extends ComponentError {
  /**
   * @param component Name of the `ImageVerification`.
   * @param part Its argument that has the settings.
   */
  constructor(component: string, part: string, problems: readonly SettingProblem[]) {
    super({
      where: `ImageVerification ${component}`,
      what: `${problems.map(({ setting, value, message }) => `${part}.${setting} is ${show(value)}: it ${message}`).join("; ")}.`,
      fix: problems.map(({ allowed, fix }) => (allowed === undefined ? fix : `Allowed: ${allowed}. ${fix}`)).join(" "),
    });
  }

  get fault(): Fault {
    return "input";
  }
}
