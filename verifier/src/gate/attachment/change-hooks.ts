import {
  ClientException,
  type DeploymentLifecycleHook,
  type ECSClient,
  InvalidParameterException,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import type { GateHook } from "../hook";
import { areAsExpected, isOurs, type LifecycleHook } from "./hooks";
import { describeService } from "./list-services";
import { createPace, type PaceOptions } from "./pace";
import { type DescribedService, hooksOf, type Plan, type SkipReason } from "./plan";
import { type ServiceReference, serviceLabel } from "./service-reference";
import { UnexpectedHooksError } from "./unexpected-hooks-error";

/** What was done about one service. */
export type Change =
  | { readonly result: "changed"; readonly before: readonly LifecycleHook[]; readonly after: readonly LifecycleHook[] }
  | { readonly result: "unchanged" }
  | { readonly result: "skipped"; readonly reason: SkipReason };

/** Changes the hooks of services, one after the other. */
export type ChangeHooks = (
  reference: ServiceReference,
  gate: GateHook,
  plan: (service: DescribedService, gate: GateHook) => Plan,
) => Promise<Change>;

/**
 * The pauses before the hooks are read once more, in milliseconds, if they are not yet those that were written: what
 * ECS describes follows a change within seconds (API reference, DescribeServices: eventual consistency is inferred
 * (service-read-back)).
 */
const READ_AGAIN_MS = [1000, 2000, 4000, 8000] as const;

/**
 * Reads a service again, does what the plan says about it as it is now, and reads back what came of it. Nothing of the
 * service but `deploymentConfiguration.lifecycleHooks` is sent: ECS keeps what a request leaves out, and starts no
 * deployment (API reference, UpdateService).
 *
 * Needs `ecs:DescribeServices` and `ecs:UpdateService` on the service, and `iam:PassRole` for `ecs.amazonaws.com` on the
 * roles of its hooks; that the roles of others' hooks are among these is inferred (pass-role-of-others).
 *
 * @returns a function that rejects with the errors of ECS, and with {@link UnexpectedHooksError}, after which no other
 *   service may be changed.
 */
export function createChangeHooks({ ecs, now, pause }: PaceOptions & { readonly ecs: ECSClient }): ChangeHooks {
  const inPace = createPace({ now, pause });

  async function update({ cluster, service }: ServiceReference, hooks: readonly LifecycleHook[]): Promise<void> {
    await inPace();
    const lifecycleHooks: DeploymentLifecycleHook[] = [...hooks];
    await ecs.send(new UpdateServiceCommand({ cluster, service, deploymentConfiguration: { lifecycleHooks } }));
  }

  /**
   * The hooks after an update.
   *
   * @throws {@link UnexpectedHooksError} with the last that were read, if they are not the expected ones.
   */
  async function readBack(
    reference: ServiceReference,
    {
      before,
      after: expected,
    }: { readonly before: readonly LifecycleHook[]; readonly after: readonly LifecycleHook[] },
    gate: GateHook,
  ): Promise<readonly LifecycleHook[]> {
    let found: readonly LifecycleHook[] = [];
    for (const wait of [0, ...READ_AGAIN_MS]) {
      if (wait > 0) await pause(wait);
      found = hooksOf((await describeService(ecs, reference)) ?? {});
      if (areAsExpected(found, expected, gate)) return found;
    }
    throw new UnexpectedHooksError(serviceLabel(reference), before, expected, found);
  }

  return async (reference, gate, plan) => {
    const service = await describeService(ecs, reference);
    if (service === undefined) return { result: "skipped", reason: "not-found" };
    const planned = plan(service, gate);
    if (planned.action === "nothing") return { result: "unchanged" };
    if (planned.action === "skip") return { result: "skipped", reason: planned.reason };
    const { before, after: expected } = planned;
    try {
      await update(reference, expected);
    } catch (error) {
      if (!isTimeoutRefused(error) || !expected.some((hook) => hasTimeout(hook, gate))) throw error;
      await update(
        reference,
        expected.map((hook) => withoutTimeout(hook, gate)),
      );
    }
    return { result: "changed", before, after: await readBack(reference, planned, gate) };
  };
}

/**
 * ECS takes no timeout for this kind of hook: Pulumi's AWS provider says so of Lambda hooks, the ECS developer guide
 * does not ("Lifecycle hooks for Amazon ECS service deployments").
 */
function isTimeoutRefused(error: unknown): boolean {
  const isBadRequest = error instanceof InvalidParameterException || error instanceof ClientException;
  return isBadRequest && /timeout ?configuration/i.test(error.message);
}

function hasTimeout(hook: LifecycleHook, { targetArn }: GateHook): boolean {
  return hook.timeoutConfiguration !== undefined && isOurs(hook, targetArn);
}

/** The gate's hook without its timeout; those of others as they are. */
function withoutTimeout(hook: LifecycleHook, gate: GateHook): LifecycleHook {
  if (!hasTimeout(hook, gate)) return hook;
  const { timeoutConfiguration: _, ...rest } = hook;
  return rest;
}
