/** One container of a launch, as ECS reports it. */
export interface LaunchContainer {
  readonly name: string;
  /** The reference in the task definition, unchanged. Absent for containers that AWS adds. */
  readonly image?: string;
  /** Digest of the top-level manifest: of the index for a multi-platform image; inferred (index-digest-reported). */
  readonly imageDigest?: string;
  /** What ECS reports instead of a SHA-256 or SHA-512 digest, as JSON, cut short. */
  readonly oddDigest?: string;
  readonly runtimeId?: string;
  readonly lastStatus: string;
}

/** An ECS task that is being launched, as one event reports it. */
export interface Launch {
  readonly taskArn: string;
  readonly taskDefinitionArn: string;
  readonly clusterArn: string;
  readonly region: string;
  readonly account: string;
  /** `family:<family>`, or `service:<name>` for a task of a service. */
  readonly group?: string;
  readonly startedBy?: string;
  /** EC2, FARGATE, EXTERNAL, MANAGED_INSTANCES, or a value that ECS adds later. */
  readonly launchType?: string;
  readonly lastStatus: string;
  readonly desiredStatus: string;
  /** Increases with each state change of the task; duplicates of an event have the same value. */
  readonly version: number;
  /** When the task was created. */
  readonly createdAt: Date;
  /** When the event was created. */
  readonly eventTime: Date;
  readonly containers: readonly LaunchContainer[];
}

/** Whether the task has ended: no container runs any more, and none will. */
export function hasEnded({ lastStatus }: Pick<Launch, "lastStatus">): boolean {
  return lastStatus === "STOPPED";
}
