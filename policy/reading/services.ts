import type { ResourceValidationArgs } from "@pulumi/policy";

export function isService({ type }: Pick<ResourceValidationArgs, "type">): boolean {
  return type === "aws:ecs/service:Service" || type === "aws-native:ecs:Service";
}

/** The deployment controller of a service; ECS's own by default (Amazon ECS API, DeploymentController). */
export function readController(props: ResourceValidationArgs["props"]): string {
  return props.deploymentController?.type ?? "ECS";
}
