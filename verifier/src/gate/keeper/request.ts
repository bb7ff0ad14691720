import * as z from "zod";
import { parseServiceArn, type ServiceReference } from "../attachment/service-reference";

/** What the keeper is asked. */
export type KeeperRequest =
  /** By a schedule: look at every watched service. */
  | { readonly kind: "all" }
  /** By ECS: a deployment of this service is over. */
  | { readonly kind: "service"; readonly service: ServiceReference }
  /** By a deployment of the environment: the gate is about to be deleted, or is not. */
  | { readonly kind: "removal"; readonly isDeletion: boolean };

/** The request of the schedule. */
export const KEEPER_REQUEST = { check: "keeper" } as const;

/** The request of the resource that is deleted before the gate, and the answer to it. */
export const REMOVAL_REQUEST = { check: "removal" } as const;

const schemas = {
  all: z.strictObject({ check: z.literal("keeper") }),
  // `tf` is what `aws.lambda.Invocation` with the lifecycle scope CRUD adds to its input (its documentation).
  removal: z.object({ check: z.literal("removal"), tf: z.object({ action: z.string() }).optional() }),
  // ECS developer guide, "Amazon ECS service deployment state change events".
  completed: z.object({
    source: z.literal("aws.ecs"),
    resources: z.array(z.string()),
    detail: z.object({ eventName: z.literal("SERVICE_DEPLOYMENT_COMPLETED") }),
  }),
};

/** Reads what the function was invoked with; undefined if it is nothing of this. */
export function parseKeeperRequest(event: unknown): KeeperRequest | undefined {
  if (schemas.all.safeParse(event).success) return { kind: "all" };
  const removal = schemas.removal.safeParse(event).data;
  if (removal !== undefined) return { kind: "removal", isDeletion: removal.tf?.action === "delete" };
  const [service] = (schemas.completed.safeParse(event).data?.resources ?? []).flatMap(
    (arn) => parseServiceArn(arn) ?? [],
  );
  return service === undefined ? undefined : { kind: "service", service };
}
