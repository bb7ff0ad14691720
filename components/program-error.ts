import { RunError } from "@pulumi/pulumi/errors";
import { FixableError } from "../trust/text/fixable-error";

/**
 * An error as Pulumi is to have it. Of one that a person can fix it shows the message only: where in the program it was
 * found helps nobody. The error stays what it is, so that it can be told from others.
 */
export function forPulumi(error: unknown): unknown {
  if (!(error instanceof FixableError)) return error;
  // The stack is printed, and sent, where Pulumi does not look at the kind of an error.
  error.stack = error.message;
  return Object.assign(error, RUN_ERROR);
}

/** What Pulumi tells a `RunError` by, also one of another copy of its SDK: a field, and not the class. */
const RUN_ERROR = { ...new RunError() };

/** Something that a component was given, or needs, cannot be used. Pulumi shows its message in any program. */
export abstract class ComponentError extends FixableError {
  constructor(...about: ConstructorParameters<typeof FixableError>) {
    super(...about);
    forPulumi(this);
  }
}
