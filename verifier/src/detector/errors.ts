import type { Launch } from "../ecs/launch";
import type { ContainerVerdict } from "../ecs/launch-verdict";

/** A container could not be judged yet. Thrown so that Lambda sends the event again. */
export class InconclusiveError extends Error {
  override readonly name = "InconclusiveError";

  constructor({ taskArn }: Launch, containers: readonly ContainerVerdict[]) {
    const open = containers.filter(({ verdict }) => verdict.status === "inconclusive");
    const why = open.map(({ container, verdict }) => `${container}: ${verdict.code}: ${verdict.detail}`).join("; ");
    super(`${taskArn} could not be judged yet and is tried again. ${why}`);
  }
}

/** Something that was due could not be done. Thrown so that Lambda sends the event again. */
export class IncompleteError extends AggregateError {
  override readonly name = "IncompleteError";

  constructor(failures: readonly Error[]) {
    super(failures, failures.map(({ message }) => message).join("; "));
  }
}

/**
 * Another invocation is responding to the same task. Thrown so that Lambda sends the event again: then it is known how
 * that went, or, if the other one broke off, it is done.
 */
export class UnderWayError extends Error {
  override readonly name = "UnderWayError";

  constructor({ taskArn }: Launch) {
    super(`Another invocation is responding to ${taskArn}; the event is tried again when that has ended.`);
  }
}
