import { CommandError, ConcurrentUpdateError, StackNotFoundError } from "@pulumi/pulumi/automation";
import { ConfigurationError, isConfigurationMessage } from "../../configuration/problem";
import type { ErrorCause } from "../../trust/text/fixable-error";
import { withoutUndefined } from "../../trust/text/without-undefined";
import {
  ConcurrentUpdate,
  ConfigurationInvalid,
  EnvironmentError,
  EnvironmentNotFound,
  type Failure,
  type Operation,
  OperationCancelled,
  OperationFailed,
  PolicyViolation,
} from "./errors";
import type { EnvironmentEvent, MessageEvent, Violation } from "./events";

/** An operation that did not finish. */
export interface FailedOperation {
  readonly environment: string;
  /** The stack's name with organization and project, if known. */
  readonly fullName?: string | undefined;
  readonly operation: Operation;
  /** The error that Pulumi, or the program in this process, threw. */
  readonly error: unknown;
  /** The events reported before. */
  readonly events: readonly EnvironmentEvent[];
  /** What the program threw, if it ran in this process. */
  readonly programError?: unknown;
  readonly cancelled: boolean;
}

/** The typed error for an operation that did not finish. Errors that are not Pulumi's are returned unchanged. */
export function toError(failed: FailedOperation): unknown {
  const { environment, fullName, operation, error, events, programError, cancelled } = failed;
  if (error instanceof EnvironmentError || !(error instanceof CommandError)) return error;
  const options = { cause: error };
  if (error instanceof ConcurrentUpdateError) {
    return new ConcurrentUpdate(environment, fullName ?? environment, lockHolders(error), options);
  }
  if (error instanceof StackNotFoundError) return notFound(environment, options);
  if (cancelled) return new OperationCancelled(environment, operation, options);
  const invalid = configurationInvalid(failed, options);
  if (invalid !== undefined) return invalid;
  const violations = events.filter(isMandatoryViolation);
  if (violations.length > 0) return new PolicyViolation(environment, violations, options);
  return new OperationFailed(environment, operation, listFailures(events, programError, error), options);
}

/** The error for a stack that does not exist. */
export function notFound(environment: string, options?: ErrorCause): EnvironmentNotFound {
  const message = `There is no environment ${environment} yet: deploy it first, or check the name and the backend (pulumi stack ls).`;
  return new EnvironmentNotFound(environment, message, options);
}

function configurationInvalid(
  { environment, events, programError }: FailedOperation,
  options: ErrorCause,
): ConfigurationInvalid | undefined {
  if (programError instanceof ConfigurationError) {
    return new ConfigurationInvalid(environment, programError.message, programError.problems, options);
  }
  const said = events.filter(isError).find(({ message }) => isConfigurationMessage(message));
  return said && new ConfigurationInvalid(environment, said.message, [], options);
}

function isError(event: EnvironmentEvent): event is MessageEvent {
  return event.type === "message" && event.severity === "error";
}

function isMandatoryViolation(event: EnvironmentEvent): event is Violation & { readonly type: "violation" } {
  return event.type === "violation" && event.level === "mandatory";
}

function listFailures(
  events: readonly EnvironmentEvent[],
  programError: unknown,
  error: CommandError,
): readonly Failure[] {
  const said = events.filter(isError).map(({ message, resource }) => withoutUndefined({ message, resource }));
  // The engine ends each failed run with a line that says only that it failed.
  const telling = said.filter(({ message }) => !/^(?:update|preview|destroy|resource .*) failed$/.test(message));
  const thrown = programError instanceof Error ? programError.message : undefined;
  // The engine repeats the error that the program in this process throws, more than once and with a stack trace. If something
  // else fails first, the program only sees that the engine shuts down, which the engine does not report.
  const own = thrown === undefined ? telling : telling.filter(({ message }) => !message.includes(thrown));
  const isRepeated = own.length < telling.length;
  const program = thrown !== undefined && (isRepeated || own.length === 0) ? [{ message: thrown }] : [];
  const failures = [...own, ...program];
  if (failures.length > 0) return failures;
  return said.length > 0 ? said : [{ message: errorLines(error) }];
}

/**
 * The CLI's final message, without the log of the run before it. The Automation API passes its output on twice, as
 * standard error and as the message of an error.
 */
function errorLines(error: CommandError): string {
  const lines = error.message.split("\n");
  const said = lines.filter((line) => line.startsWith("error: ")).map((line) => line.slice("error: ".length));
  return [...new Set(said)].join("\n") || lines.findLast((line) => line.trim() !== "") || "Pulumi did not say why.";
}

/** The CLI's lines on the locks of a backend of files: `<file>: created by <who>@<host> (pid <id>) at <time>`. */
function lockHolders(error: ConcurrentUpdateError): readonly string[] {
  const said = [...error.message.matchAll(/: created (by \S+ \(pid \d+\) at \S+)/g)].map(([, holder = ""]) => holder);
  return [...new Set(said)];
}
