import type * as pulumi from "@pulumi/pulumi";
import type { SampleWorkload } from "../sample/sample-workload";

/** What the canary starts: the functions that judge tell its denial to nobody. */
export interface CanaryTask<Text = pulumi.Input<string>> {
  /** ARN of its cluster. */
  readonly clusterArn: Text;
  /** ARN of its task definition's revision. */
  readonly taskDefinitionArn: Text;
  readonly imageDigest: Text;
}

/** The sample's unsigned task, as the canary starts it in its cluster. */
export function canaryTask(
  { unsignedTaskDefinitionArn, unsignedImage }: Pick<SampleWorkload, "unsignedTaskDefinitionArn" | "unsignedImage">,
  clusterArn: pulumi.Output<string>,
): CanaryTask<pulumi.Output<string>> {
  return {
    clusterArn,
    taskDefinitionArn: unsignedTaskDefinitionArn,
    imageDigest: unsignedImage.apply((image) => image.split("@")[1] ?? ""),
  };
}

/** The variables that name it, as `canaryTask` of verifier/src/reporting/canary.ts reads them. None without a canary. */
export function canaryVariables<Text>(task: CanaryTask<Text> | undefined): Readonly<Record<string, Text>> {
  if (task === undefined) return {};
  return {
    CANARY_CLUSTER: task.clusterArn,
    CANARY_TASK_DEFINITION: task.taskDefinitionArn,
    CANARY_DIGEST: task.imageDigest,
  };
}
