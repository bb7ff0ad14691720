import type { ResourceTransformArgs, ResourceTransformResult } from "@pulumi/pulumi";

/** awsx declares its task definitions for Fargate only; the sample is for clusters of either kind. */
export function fargateAndEc2({ type, props, opts }: ResourceTransformArgs): ResourceTransformResult | undefined {
  if (type !== "aws:ecs/taskDefinition:TaskDefinition") return undefined;
  return { props: { ...props, requiresCompatibilities: ["EC2", "FARGATE"] }, opts };
}
