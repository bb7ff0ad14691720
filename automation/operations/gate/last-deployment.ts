import type { ECSClient, Service } from "@aws-sdk/client-ecs";
import type { ReadRecord } from "../verdict-record";
import { listDeployments } from "./service-revisions";

/** The newest deployment of a service. */
export interface LastDeployment {
  readonly deployment: string;
  readonly createdAt: Date | undefined;
  /** Undefined while it goes on. */
  readonly finishedAt: Date | undefined;
  /** ECS's state of it, such as `ROLLBACK_SUCCESSFUL`. */
  readonly status: string;
  /** ECS's own reason, which for a hook is always the same. */
  readonly statusReason: string | undefined;
  /** What the gate recorded about it; undefined if nobody looked, or the log could not be read. */
  readonly records: readonly ReadRecord[] | undefined;
}

/** Undefined if ECS knows no deployment of the service. Needs `ecs:ListServiceDeployments`. */
export async function readLastDeployment(ecs: ECSClient, service: Service): Promise<LastDeployment | undefined> {
  for await (const found of listDeployments(ecs, service)) {
    const { serviceDeploymentArn: deployment = "", createdAt, finishedAt, status = "unknown", statusReason } = found;
    return { deployment, createdAt, finishedAt, status, statusReason, records: undefined };
  }
  return undefined;
}

/** The last record about each container: that of the latest stage. */
export function lastRecords(records: readonly ReadRecord[]): readonly ReadRecord[] {
  return [...new Map(records.map((record) => [record.container, record])).values()];
}
