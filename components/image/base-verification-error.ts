import type { Fault } from "../../trust/text/fixable-error";
import { ComponentError } from "../program-error";

/** This machine cannot verify a base image. The message says what to install. */
export class BaseVerificationError extends ComponentError {
  override readonly name = "BaseVerificationError";

  get fault(): Fault {
    return "failure";
  }
}
