import { type Fault, FixableError } from "../../trust/text/fixable-error";

/** The call cannot be understood or one of its files cannot be used. The message says what to do. */
export class UsageError extends FixableError {
  override readonly name = "UsageError";

  get fault(): Fault {
    return "input";
  }
}

/** The work could not be done, and the call is not to blame. The message says what to do. */
export class CommandFailedError extends FixableError {
  override readonly name = "CommandFailedError";

  get fault(): Fault {
    return "failure";
  }
}
