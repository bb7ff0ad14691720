import type { Settings } from "../baked-settings";
import { lastPart, parseFamily } from "../ecs/arn";
import { parseServiceGroup } from "../ecs/service-group";
import type { ReasonCode } from "../verification/verdict";

/** The environment that findings are about. Its account and region are those of Security Hub. */
export interface FindingContext extends Pick<Settings, "environment" | "mode"> {
  readonly trust: Pick<Settings["trust"], "partition" | "account" | "region">;
  /** URL of the runbook. Default: findings name its path in this repository, and have no link. */
  readonly runbookUrl?: string | undefined;
}

/** A container of a workload with the image that it has: what one finding is about, however many tasks there are. */
export interface FindingPlace {
  /** ARN of the cluster. */
  readonly cluster: string;
  /** Group of the task: `service:<name>` or `family:<family>`. The caller of RunTask can choose it. */
  readonly group?: string | undefined;
  /** ARN of the task definition revision. */
  readonly taskDefinition: string;
  readonly container: string;
  /** The image reference that was judged; empty if ECS reports none. */
  readonly reference: string;
  readonly digest?: string | undefined;
}

/** A verdict that is denied or finally inconclusive, at a place. */
export interface FindingFacts extends FindingPlace {
  /** ARN of one of the tasks. */
  readonly task: string;
  readonly status: "denied" | "inconclusive";
  readonly code: ReasonCode;
  /** For people. Others control parts of it. */
  readonly detail: string;
  /** ARNs of the signing profile versions of the signatures that decided. */
  readonly signers: readonly string[];
}

/** The service that a place belongs to, otherwise the family of its task definition: what a finding calls a workload. */
export function workloadOf({ group, taskDefinition }: Pick<FindingPlace, "group" | "taskDefinition">) {
  const service = parseServiceGroup(group);
  return service === undefined
    ? ({ kind: "family", name: parseFamily(taskDefinition) } as const)
    : ({ kind: "service", name: service } as const);
}

/** The name of a place's cluster. */
export function clusterName({ cluster }: Pick<FindingPlace, "cluster">): string {
  return lastPart(cluster);
}
