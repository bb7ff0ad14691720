import { show } from "../../../../trust/quote";
import type { LifecycleHook } from "./hooks";

/** Characters of a list of hooks in the message: that of twenty ordinary ones. */
const LIMIT = 10_000;

/**
 * The hooks of a service after a change are others than those that were written. Nothing more may be changed until a
 * person has looked: either somebody changed the service at the same time, or ECS does something else with hooks than
 * this program believes.
 */
export class UnexpectedHooksError extends Error {
  override readonly name = "UnexpectedHooksError";

  /**
   * @param service ARN of the service, or CLUSTER/NAME.
   * @param before the hooks that the service had.
   * @param expected the hooks that were written.
   * @param after the hooks that it has now.
   */
  constructor(
    readonly service: string,
    readonly before: readonly LifecycleHook[],
    readonly expected: readonly LifecycleHook[],
    readonly after: readonly LifecycleHook[],
  ) {
    super(
      [
        `${service} has other lifecycle hooks than were written, so no further service is changed.`,
        `Before:   ${show(before, LIMIT)}`,
        `Written:  ${show(expected, LIMIT)}`,
        `Now:      ${show(after, LIMIT)}`,
        "Was it changed at the same time by somebody else? Compare the three. To restore what was before: aws ecs " +
          "update-service --deployment-configuration with the lifecycleHooks of the first line.",
      ].join("\n"),
    );
  }
}
