import type { ConfigurationProblem } from "../../configuration/problem";
import { type ErrorCause, type Fault, FixableError } from "../../trust/text/fixable-error";
import type { Resource, Violation } from "./events";

/** The operation on an environment. */
export type Operation = "preview" | "deploy" | "outputs" | "destroy" | "status";

/** An operation on an environment failed. The message says why and what to do, without Pulumi's own output. */
export abstract class EnvironmentError extends FixableError {
  constructor(
    /** Name of the stack. */
    readonly environment: string,
    message: string,
    options?: ErrorCause,
  ) {
    super(message, options);
    this.name = new.target.name;
  }

  get fault(): Fault {
    return "failure";
  }
}

/** Another update of the environment is in progress, or left its lock behind. Nothing was changed. */
export class ConcurrentUpdate extends EnvironmentError {
  constructor(
    environment: string,
    /** The stack's name with organization and project, which Pulumi understands in any folder. */
    fullName: string,
    /** Who holds the lock and since when, if the backend reports it. */
    readonly holders: readonly string[],
    options?: ErrorCause,
  ) {
    const by = holders.length === 0 ? "" : ` (${holders.join("; ")})`;
    super(
      environment,
      `Another update of ${environment} is in progress${by}. Wait until it ends. If nothing is running any more, release the lock with: pulumi cancel --stack ${fullName}`,
      options,
    );
  }

  override get fault(): Fault {
    return "busy";
  }
}

/** The settings, the project or the stack's configuration is invalid. Nothing was changed. */
export class ConfigurationInvalid extends EnvironmentError {
  constructor(
    environment: string,
    message: string,
    /** Each problem with its key, if the program ran in this process. */
    readonly problems: readonly ConfigurationProblem[] = [],
    options?: ErrorCause,
  ) {
    super(environment, message, options);
  }

  override get fault(): Fault {
    return "input";
  }
}

/** A mandatory policy was violated. */
export class PolicyViolation extends EnvironmentError {
  constructor(
    environment: string,
    readonly violations: readonly Violation[],
    options?: ErrorCause,
  ) {
    const count = violations.length === 1 ? "a mandatory policy" : `mandatory policies ${violations.length} times`;
    const each = violations.map(
      ({ policy, resource, message }) => `${policy}: ${resource?.name ?? "stack"}: ${message}`,
    );
    super(environment, `${environment} violates ${count}.\n\n${each.join("\n\n")}`, options);
  }

  override get fault(): Fault {
    return "answer";
  }
}

/** There is no stack of this name, or nothing was ever deployed to it. */
export class EnvironmentNotFound extends EnvironmentError {
  override get fault(): Fault {
    return "input";
  }
}

/**
 * The caller's signal ended the operation. The providers were asked to stop, as Pulumi does at the first Ctrl-C: what was
 * under way may be half done, and the state may not say so.
 */
export class OperationCancelled extends EnvironmentError {
  constructor(environment: string, operation: Operation, options?: ErrorCause) {
    super(
      environment,
      `The ${operation} of ${environment} was cancelled. The providers were asked to stop: unfinished work may be half done. Run it again to continue.`,
      options,
    );
  }

  override get fault(): Fault {
    return "cancelled";
  }
}

/** The AWS credentials are for another account than the last deployment was made in. Nothing was changed. */
export class AccountMismatch extends EnvironmentError {
  constructor(
    environment: string,
    operation: Operation,
    /** The account of the last deployment. */
    readonly deployed: string,
    /** The account of the credentials. */
    readonly found: string,
  ) {
    super(
      environment,
      `The ${operation} of ${environment} was not started: the AWS credentials are for the account ${found}, and ${environment} is in ${deployed}. In another account none of its resources is found, and all would be removed from the state. Use credentials for ${deployed}, for instance by the variable AWS_PROFILE. Another account is an environment of its own.`,
    );
  }

  override get fault(): Fault {
    return "input";
  }
}

/** The Pulumi CLI is not installed, or is too old. */
export class PulumiUnavailable extends EnvironmentError {}

/** What failed, and for which resource, if any. */
export interface Failure {
  readonly resource?: Resource;
  readonly message: string;
}

/** Any other failure. Changes made before it stay: run the operation again after fixing the cause. */
export class OperationFailed extends EnvironmentError {
  constructor(
    environment: string,
    readonly operation: Operation,
    readonly failures: readonly Failure[],
    options?: ErrorCause,
  ) {
    const each = failures.map(
      ({ resource, message }) => `  ${resource === undefined ? "" : `${resource.name}: `}${message}`,
    );
    super(environment, [`The ${operation} of ${environment} failed.`, ...each].join("\n"), options);
  }
}
