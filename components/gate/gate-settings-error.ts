import { show } from "../../trust/quote";
import type { Fault } from "../../trust/text/fixable-error";
import { ComponentError } from "../program-error";
import type { GateContradiction } from "./gate-contradictions";

/** A program gave settings for a gate that do not fit together. */
export class GateSettingsError extends ComponentError {
  override readonly name = "GateSettingsError";

  /** @param component Name of the `ImageVerification`. */
  constructor(component: string, contradictions: readonly GateContradiction[]) {
    super({
      where: `ImageVerification ${component}`,
      what: `${contradictions.map(({ setting, value, message }) => `gate.${setting} is ${show(value)}: it ${message}`).join("; ")}.`,
      fix: contradictions.map(({ fix }) => fix).join(" "),
    });
  }

  get fault(): Fault {
    return "input";
  }
}
