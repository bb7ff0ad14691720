import type { Launch } from "../ecs/launch";
import type { ContainerVerdict } from "../ecs/launch-verdict";

/** A container could not be judged yet. Thrown so that Lambda retries the event. */
export class InconclusiveError extends Error {
  override readonly name = "InconclusiveError";

  constructor({ taskArn }: Launch, containers: readonly ContainerVerdict[]) {
    const open = containers.filter(({ verdict }) => verdict.status === "inconclusive");
    const why = open.map(({ container, verdict }) => `${container}: ${verdict.code}: ${verdict.detail}`).join("; ");
    super(`${taskArn} could not be judged yet and will be retried. ${why}`);
  }
}

/** A required action failed. Thrown so that Lambda retries the event. */
export class IncompleteError extends AggregateError {
  override readonly name = "IncompleteError";

  constructor(failures: readonly Error[]) {
    super(failures, failures.map(({ message }) => message).join("; "));
  }
}

/**
 * Another invocation is responding to the same task. Thrown so that Lambda retries the event: by then the result of the
 * other invocation is known or, if it was interrupted, the retry does the work.
 */
export class UnderWayError extends Error {
  override readonly name = "UnderWayError";

  constructor({ taskArn }: Launch) {
    super(`Another invocation is responding to ${taskArn}; the event will be retried when that one has ended.`);
  }
}
