import { type Fault, FixableError } from "../../trust/text/fixable-error";

/** The command line or one of its files is invalid. The message says what to do. */
export class UsageError extends FixableError {
  override readonly name = "UsageError";

  get fault(): Fault {
    return "input";
  }
}

/** The command failed although it was called correctly. The message says what to do. */
export class CommandFailedError extends FixableError {
  override readonly name = "CommandFailedError";

  get fault(): Fault {
    return "failure";
  }
}

/** Ctrl-C or a signal came before the command was done. The message says what to do. */
export class InterruptedError extends FixableError {
  override readonly name = "InterruptedError";

  get fault(): Fault {
    return "cancelled";
  }
}
