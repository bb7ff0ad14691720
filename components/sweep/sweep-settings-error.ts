import { show } from "../../trust/quote";
import type { Fault } from "../../trust/text/fixable-error";
import { ComponentError } from "../program-error";
import type { SweepContradiction } from "./sweep-contradictions";

/** A program gave settings for a sweep that are wrong, or do not fit together. */
export class SweepSettingsError extends ComponentError {
  override readonly name = "SweepSettingsError";

  /** @param component Name of the `ImageVerification`. */
  constructor(component: string, contradictions: readonly SweepContradiction[]) {
    super({
      where: `ImageVerification ${component}`,
      what: `${contradictions.map(({ setting, value, message }) => `sweep.${setting} is ${show(value)}: it ${message}`).join("; ")}.`,
      fix: contradictions.map(({ allowed, fix }) => `Allowed: ${allowed}. ${fix}`).join(" "),
    });
  }

  get fault(): Fault {
    return "input";
  }
}
