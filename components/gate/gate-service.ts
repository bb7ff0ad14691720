import type { ServiceArgs } from "@pulumi/aws/ecs";
import type { input } from "@pulumi/aws/types";
import * as pulumi from "@pulumi/pulumi";
import { AUDIT_TIMEOUT_MINUTES, GATE_STAGES, type GateMode, isGateTarget } from "../../verifier/src/gate/hook";

/**
 * A gate for services: a `DeploymentGate` of the same program, or the outputs `gateTargetArn`, `gateInvokerRoleArn` and
 * `gateMode` of another stack.
 */
export interface GateReference {
  /** ARN of the alias that the hook invokes. */
  readonly targetArn: pulumi.Input<string>;
  /** ARN of the role with which ECS invokes it. */
  readonly invokerRoleArn: pulumi.Input<string>;
  /**
   * The mode for these services. In `audit` ECS continues a deployment that the gate does not answer for; give `enforce`
   * here for services that the gate enforces although it is in audit.
   */
  readonly mode: pulumi.Input<GateMode>;
}

/** The arguments of a service, of `@pulumi/aws` or awsx, that decide about its hooks. */
type Gateable = Pick<ServiceArgs, "deploymentConfiguration" | "deploymentController">;

type Configuration = input.ecs.ServiceDeploymentConfiguration;
type Hook = input.ecs.ServiceDeploymentConfigurationLifecycleHook;

/**
 * Adds the gate to the arguments of a service of `@pulumi/aws` or awsx. Hooks that are there stay as they are; a service that
 * has the gate already, or another deployment controller than ECS, stays as it is.
 *
 * ```ts
 * new aws.ecs.Service("web", gateService({ cluster, taskDefinition }, verification.gate));
 * ```
 *
 * Pulumi cannot take a hook away again: without this call, or with fewer hooks, the provider sends ECS no list of hooks, and
 * ECS keeps what it has (`resourceServiceUpdate` of terraform-provider-aws). `ecs-image-verification gate detach` can.
 */
export function gateService<Args extends object>(args: Args & Gateable, gate: GateReference): Args {
  const { deploymentConfiguration, deploymentController } = args;
  return { ...args, deploymentConfiguration: withGate({ deploymentConfiguration, deploymentController }, gate) };
}

/**
 * A transform that adds the gate to every service of a program, as {@link gateService} does, those that components such as
 * awsx's make as well:
 *
 * ```ts
 * pulumi.runtime.registerResourceTransform(gateAllServices(gate));
 * ```
 *
 * For services of other programs than the gate's. In the gate's own program use {@link gateService}: services must be removed
 * before the gate's guard, so they have to depend on it, and Pulumi records no dependency that a transform of the whole program
 * adds (`registerResource` of pulumi/pulumi, pkg/resource/deploy/source_eval.go).
 */
export function gateAllServices(gate: GateReference): pulumi.ResourceTransform {
  return ({ type, props, opts }) => {
    if (type !== "aws:ecs/service:Service") return undefined;
    return { props: gateService(props, gate), opts };
  };
}

function withGate(service: Gateable, gate: GateReference): pulumi.Output<Configuration | undefined> {
  const { targetArn, invokerRoleArn, mode } = gate;
  return pulumi.output(service).apply(({ deploymentConfiguration: configuration, deploymentController }) => {
    if ((deploymentController?.type ?? "ECS") !== "ECS") return configuration;
    const hooks = pulumi
      .all([configuration?.lifecycleHooks ?? [], targetArn, invokerRoleArn, mode])
      .apply(([known, target, role, chosen]) => withHook(known, gateHook(target, role, chosen)));
    return {
      ...configuration,
      // The provider sends the hooks of a new service only together with a strategy (`resourceServiceCreate` of
      // terraform-provider-aws). ROLLING is the default of ECS.
      strategy: configuration?.strategy ?? "ROLLING",
      lifecycleHooks: hooks,
    };
  });
}

/** The hooks with the gate's, which is not added twice. */
function withHook<Known extends { readonly hookTargetArn?: string | undefined }>(
  hooks: readonly Known[],
  gate: Hook & { readonly hookTargetArn: string },
): (Known | Hook)[] {
  return hooks.some(({ hookTargetArn }) => isGateTarget(hookTargetArn, gate.hookTargetArn))
    ? [...hooks]
    : [...hooks, gate];
}

/**
 * The gate's hook, as `@pulumi/aws` writes it. That ECS and the provider take a timeout on a hook with a function is inferred
 * (gate-timeout-configuration).
 */
function gateHook(hookTargetArn: string, roleArn: string, mode: GateMode) {
  return {
    hookTargetArn,
    roleArn,
    lifecycleStages: [...GATE_STAGES],
    ...(mode === "audit"
      ? { timeoutConfiguration: { timeoutInMinutes: String(AUDIT_TIMEOUT_MINUTES), action: "CONTINUE" } }
      : {}),
  };
}
