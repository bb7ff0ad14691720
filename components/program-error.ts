import { RunError } from "@pulumi/pulumi/errors";
import { FixableError } from "../trust/text/fixable-error";

/**
 * Prepares an error for Pulumi. For an error that a person can fix, Pulumi then shows only the message: a stack trace does
 * not help. The error keeps its class.
 */
export function forPulumi(error: unknown): unknown {
  if (!(error instanceof FixableError)) return error;
  // In some places Pulumi prints or sends the stack without looking at the kind of error.
  error.stack = error.message;
  return Object.assign(error, RUN_ERROR);
}

/** Pulumi recognizes a `RunError` by a field instead of the class, so that errors of another copy of its SDK count too. */
const RUN_ERROR = { ...new RunError() };

/** An argument or a requirement of a component cannot be used. Pulumi shows only the message, in any program. */
export abstract class ComponentError extends FixableError {
  constructor(...about: ConstructorParameters<typeof FixableError>) {
    super(...about);
    forPulumi(this);
  }
}
