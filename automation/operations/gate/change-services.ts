import type { ECSClient, Service } from "@aws-sdk/client-ecs";
import { listClusters } from "../../../verifier/src/ecs/clusters";
import { type ChangeHooks, createChangeHooks } from "../../../verifier/src/gate/attachment/change-hooks";
import type { LifecycleHook } from "../../../verifier/src/gate/attachment/hooks";
import { describeServices, type ListOptions, listServices } from "../../../verifier/src/gate/attachment/list-services";
import { type NamedOnlyReason, namedOnly } from "../../../verifier/src/gate/attachment/named-only";
import type { PaceOptions } from "../../../verifier/src/gate/attachment/pace";
import { type Plan, planAttachment, planDetachment, type SkipReason } from "../../../verifier/src/gate/attachment/plan";
import type { ServiceReference } from "../../../verifier/src/gate/attachment/service-reference";
import { UnexpectedHooksError } from "../../../verifier/src/gate/attachment/unexpected-hooks-error";
import { type GateEnvironment, modeFor } from "../../../verifier/src/gate/environment";
import type { GateHook } from "../../../verifier/src/gate/hook";

/** The gate of an environment. */
export interface Gate extends Pick<GateHook, "targetArn" | "roleArn"> {
  /** Where it enforces. */
  readonly modes: Pick<GateEnvironment, "mode" | "enforced">;
}

/** Whether the gate's hook is attached, or taken away. */
export type GateChange = "attach" | "detach";

/** The result for a service. */
export type ServiceOutcome =
  /** It was changed, and is as it should be. */
  | { readonly result: "changed"; readonly before: readonly LifecycleHook[]; readonly after: readonly LifecycleHook[] }
  /** There was nothing to do. */
  | { readonly result: "unchanged" }
  /** It would be changed, or will be. */
  | { readonly result: "pending" }
  | { readonly result: "skipped"; readonly reason: SkipReason | NamedOnlyReason }
  | { readonly result: "failed"; readonly error: unknown };

export interface ServiceResult {
  /** With the ARNs, if ECS knows the service. */
  readonly reference: ServiceReference;
  readonly outcome: ServiceOutcome;
}

/**
 * Finds the services of clusters. Needs `ecs:ListServices`, and `ecs:ListClusters` without a list of clusters.
 *
 * @param clusters names or ARNs; every cluster of the account and region if undefined.
 */
export async function findServices(
  ecs: ECSClient,
  clusters: readonly string[] | undefined,
  options: ListOptions = {},
): Promise<readonly ServiceReference[]> {
  const found: ServiceReference[] = [];
  for (const cluster of clusters ?? (await listClusters(ecs))) {
    found.push(...(await listServices(ecs, cluster, options)));
  }
  return found;
}

export interface SurveyOptions {
  readonly ecs: ECSClient;
  readonly gate: Gate;
  readonly change: GateChange;
  readonly services: readonly ServiceReference[];
  /** Whether a person has named them: some get the gate only then. */
  readonly areNamed: boolean;
}

/**
 * What there is to do about services, without changing anything. Needs `ecs:DescribeServices`.
 *
 * @returns their results, in which `pending` is what {@link changeServices} would change.
 */
export async function surveyServices(options: SurveyOptions): Promise<readonly ServiceResult[]> {
  const results: ServiceResult[] = [];
  for await (const { reference, service } of describeServices(options.ecs, options.services)) {
    results.push(
      service === undefined
        ? { reference, outcome: { result: "skipped", reason: "not-found" } }
        : toResult(options, withArns(reference, service), service),
    );
  }
  return results;
}

export interface ChangeOptions extends PaceOptions, Pick<SurveyOptions, "ecs" | "gate" | "change"> {
  /** Aborts between two services. */
  readonly signal: AbortSignal;
}

/** So many failures one after the other are about all services, not each of them: a missing permission, for example. */
const MOST_FAILURES = 5;

/**
 * Changes the services whose result is `pending`, one a second, and gives their new results. It ends after an
 * {@link UnexpectedHooksError}, and when the calls for several services in turn have failed; those that it did not reach
 * stay pending. Needs what {@link createChangeHooks} needs.
 */
export async function* changeServices(
  { ecs, gate, change, signal, now, pause }: ChangeOptions,
  surveyed: readonly ServiceResult[],
): AsyncGenerator<ServiceResult> {
  const changeHooks = createChangeHooks({ ecs, now, pause });
  let failures = 0;
  for (const { reference, outcome: surveyedOutcome } of surveyed) {
    if (surveyedOutcome.result !== "pending") continue;
    if (signal.aborted || failures === MOST_FAILURES) return;
    const outcome = await changeOne(changeHooks, gate, change, reference);
    yield { reference, outcome };
    if (outcome.result === "failed" && outcome.error instanceof UnexpectedHooksError) return;
    failures = outcome.result === "failed" ? failures + 1 : 0;
  }
}

async function changeOne(
  changeHooks: ChangeHooks,
  gate: Gate,
  change: GateChange,
  reference: ServiceReference,
): Promise<ServiceOutcome> {
  try {
    return await changeHooks(reference, hookFor(gate, reference), PLANS[change]);
  } catch (error) {
    return { result: "failed", error };
  }
}

const PLANS: Readonly<Record<GateChange, (service: Service, hook: GateHook) => Plan>> = {
  attach: planAttachment,
  detach: planDetachment,
};

function toResult(
  { gate, change, areNamed }: SurveyOptions,
  reference: ServiceReference,
  service: Service,
): ServiceResult {
  const plan = PLANS[change](service, hookFor(gate, reference));
  if (plan.action === "nothing") return { reference, outcome: { result: "unchanged" } };
  if (plan.action === "skip") return { reference, outcome: { result: "skipped", reason: plan.reason } };
  // Our own hook may be taken away from any service.
  const reason = areNamed || change === "detach" ? undefined : namedOnly(service);
  return { reference, outcome: reason === undefined ? { result: "pending" } : { result: "skipped", reason } };
}

/** The gate's hook as a service should have it. */
export function hookFor({ targetArn, roleArn, modes }: Gate, reference: ServiceReference): GateHook {
  const { cluster: clusterArn, service: serviceArn } = reference;
  return { targetArn, roleArn, mode: modeFor(modes, { clusterArn, serviceArn }) };
}

function withArns({ cluster, service }: ServiceReference, { clusterArn, serviceArn }: Service): ServiceReference {
  return { cluster: clusterArn ?? cluster, service: serviceArn ?? service };
}
