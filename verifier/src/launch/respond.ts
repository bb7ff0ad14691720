import {
  ConflictException,
  DescribeServiceRevisionsCommand,
  type ECSClient,
  InvalidParameterException,
  ListServiceDeploymentsCommand,
  ServiceDeploymentNotFoundException,
  StopServiceDeploymentCommand,
  StopTaskCommand,
  UnsupportedFeatureException,
} from "@aws-sdk/client-ecs";
import type { Launch } from "../ecs/launch";
import { type LaunchResponse, plannedResponse } from "../response";
import type { Settings } from "../settings";
import type { Status } from "../verdict";
import type { Ledger } from "./ledger";

/** What was done about a launch. */
export type ResponseOutcome =
  /** Nothing was to be done. */
  | "none"
  /** The environment only audits. */
  | "audited"
  | "stopped"
  | "rolled-back-and-stopped"
  /** The task had ended before. */
  | "already-stopped"
  /** Too many tasks of the cluster were stopped within ten minutes. */
  | "budget-used-up"
  /** Stopping a task of a managed daemon can drain its whole container instance. */
  | "managed-daemon"
  /** Another invocation is at it. */
  | "under-way"
  | "failed";

export interface ResponderOptions {
  readonly ecs: ECSClient;
  readonly ledger: Pick<Ledger, "once" | "takeStop">;
  readonly settings: Pick<Settings, "mode" | "stopBudget">;
}

/**
 * Responds to the status of a launch; `reason` is what ECS shows for a stopped task.
 * Rejects if an action failed: it is tried again with the event.
 */
export type Responder = (launch: Launch, status: Status, reason: string) => Promise<ResponseOutcome>;

/** The reason for a stop has no documented limit; the ECS agent cuts at 1024 (amazon-ecs-agent). */
const REASON_LIMIT = 255;

export function createResponder({ ecs, ledger, settings }: ResponderOptions): Responder {
  return async (launch, status, reason) => {
    const planned = plannedResponse(launch, status === "exempt" ? "trusted" : status);
    if (planned.action === "none" || planned.action === "retry") return "none";
    if (settings.mode === "audit") return "audited";
    if (isManagedDaemon(launch)) return "managed-daemon";
    const once = await ledger.once(launch.taskArn, "response", async () => {
      if (!(await ledger.takeStop(launch.clusterArn, settings.stopBudget))) return "budget-used-up";
      return act(ecs, launch, planned, reason);
    });
    return once.state === "done" ? (once.outcome as ResponseOutcome) : "under-way";
  };
}

/** Inferred: AWS shows no task event of a managed daemon. */
function isManagedDaemon({ taskDefinitionArn }: Launch): boolean {
  return taskDefinitionArn.includes(":daemon-task-definition/");
}

async function act(ecs: ECSClient, launch: Launch, planned: LaunchResponse, reason: string): Promise<ResponseOutcome> {
  if (planned.action !== "roll-back-and-stop-task") return stopTask(ecs, launch, reason);
  const rolledBack = await rollBack(ecs, launch, planned.service).catch((error: Error) => error);
  // A roll-back that failed is no reason to let the task run.
  const stopped = await stopTask(ecs, launch, reason);
  if (rolledBack instanceof Error) throw rolledBack;
  return rolledBack ? "rolled-back-and-stopped" : stopped;
}

/**
 * Rolls back the deployment in progress that has started this task: the one whose target revision has its task
 * definition. The service name comes from the task's group, which is no proof. False: there is none.
 */
async function rollBack(ecs: ECSClient, launch: Launch, service: string): Promise<boolean> {
  const { serviceDeployments = [] } = await ecs
    .send(
      new ListServiceDeploymentsCommand({ cluster: launch.clusterArn, service, status: ["PENDING", "IN_PROGRESS"] }),
    )
    .catch((error: unknown) => {
      // Services of other deployment controllers have no service deployments.
      if (error instanceof UnsupportedFeatureException) return { serviceDeployments: [] };
      throw error;
    });
  for (const { serviceDeploymentArn, targetServiceRevisionArn } of serviceDeployments) {
    if (serviceDeploymentArn === undefined || targetServiceRevisionArn === undefined) continue;
    if (!(await hasTaskDefinition(ecs, targetServiceRevisionArn, launch.taskDefinitionArn))) continue;
    await stopDeployment(ecs, serviceDeploymentArn);
    return true;
  }
  return false;
}

async function hasTaskDefinition(ecs: ECSClient, revision: string, taskDefinition: string): Promise<boolean> {
  const answer = await ecs.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns: [revision] }));
  return answer.serviceRevisions?.some((found) => found.taskDefinition === taskDefinition) ?? false;
}

async function stopDeployment(ecs: ECSClient, serviceDeploymentArn: string): Promise<void> {
  try {
    await ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: "ROLLBACK" }));
  } catch (error) {
    // It is being rolled back already, or has ended.
    if (error instanceof ConflictException || error instanceof ServiceDeploymentNotFoundException) return;
    throw error;
  }
}

async function stopTask(ecs: ECSClient, { clusterArn, taskArn }: Launch, reason: string): Promise<ResponseOutcome> {
  try {
    await ecs.send(new StopTaskCommand({ cluster: clusterArn, task: taskArn, reason: reason.slice(0, REASON_LIMIT) }));
    return "stopped";
  } catch (error) {
    // "The referenced task was not found.": it has ended some time ago.
    if (error instanceof InvalidParameterException && /not found/i.test(error.message)) return "already-stopped";
    throw error;
  }
}
