import { awsPackage } from "./aws-provider";
import { isRecord, type Properties } from "./properties";
import type { Made, Resource, ResourceKind } from "./resource-kind";
import type { ProviderPackage } from "./resource-provider";

const SERVICE = "aws:ecs/service:Service";
const INVOCATION = "aws:lambda/invocation:Invocation";

/** A hook as the provider sends it. */
export type Hook = Properties;

/** The package `aws`, with the hooks that ECS has for each service, and a keeper that looks at them. */
export interface GatedServices {
  readonly provided: ProviderPackage;
  /** The hooks of the service that was made last of those with this name in a program; undefined where there is none. */
  hooksOf(name: string): readonly Hook[] | undefined;
  /** Takes every hook of a target away, as the command `gate detach` does by the ECS API: Pulumi cannot. */
  detach(targetArn: string): void;
}

/**
 * Hooks as terraform-provider-aws sends them (`resourceServiceCreate` and `resourceServiceUpdate`) and ECS keeps them: those of a
 * new service only beside a strategy, and an empty list never, so that ECS keeps what it has.
 */
export function gatedServices(): GatedServices {
  const provided = awsPackage();
  const services = new Map<string, readonly Hook[]>();
  const service = kindOf(provided, SERVICE);
  const using = (targetArn: unknown) =>
    [...services].filter(([, hooks]) => hooks.some((hook) => hook.hookTargetArn === targetArn)).map(([arn]) => arn);
  return {
    provided: guarded(
      {
        ...provided,
        kinds: {
          ...provided.kinds,
          [SERVICE]: {
            ...service,
            applied(arn, inputs) {
              const { strategy, lifecycleHooks } = isRecord(inputs.deploymentConfiguration)
                ? inputs.deploymentConfiguration
                : ({} as Properties);
              const given = Array.isArray(lifecycleHooks) ? lifecycleHooks.filter(isRecord) : [];
              const before = services.get(arn);
              const sent = given.length > 0 && (before !== undefined || strategy !== undefined);
              services.set(arn, sent ? given : (before ?? []));
            },
            async remove(resource, old) {
              await service.remove?.(resource, old);
              services.delete(old.id);
            },
          },
        },
      },
      using,
    ),
    hooksOf: (name) => [...services].findLast(([arn]) => arn.includes(`/${name}-`))?.[1],
    detach(targetArn) {
      for (const [arn, hooks] of services) {
        services.set(
          arn,
          hooks.filter(({ hookTargetArn }) => hookTargetArn !== targetArn),
        );
      }
    },
  };
}

/**
 * The package `aws`, whose Invocation answers at its removal as the keeper does.
 *
 * @param using ARNs of the services that have a hook of this target.
 */
export function guarded(provided: ProviderPackage, using: (targetArn: unknown) => readonly string[]): ProviderPackage {
  const invocation = kindOf(provided, INVOCATION);
  const guard: ResourceKind = {
    ...invocation,
    async remove(resource: Resource, old: Made) {
      const { input, lifecycleScope, triggers, functionName } = resource.inputs;
      // The provider adds the action, and calls the function for a removal only in this scope.
      const found = lifecycleScope === "CRUD" && isRecord(triggers) ? using(triggers.target) : [];
      if (found.length > 0 && JSON.parse(String(input)).check === "removal") {
        const errorMessage = `Still gated: ${found.join(", ")}. Run: ecs-image-verification gate detach --all`;
        const answer = JSON.stringify({ errorType: "GateInUseError", errorMessage });
        throw new Error(`invoking Lambda Function (${functionName}): ${answer}`);
      }
      await invocation.remove?.(resource, old);
    },
  };
  return { ...provided, kinds: { ...provided.kinds, [INVOCATION]: guard } };
}

function kindOf({ kinds }: ProviderPackage, type: string): ResourceKind {
  const kind = kinds[type];
  if (kind === undefined) throw new Error(`The stand-in has no ${type}.`);
  return kind;
}
