import * as z from "zod";
import { findPartition } from "../../../../trust/partition";
import { lastPart } from "../../ecs/arn";
import { parseServiceArn, type ServiceReference } from "../attachment/service-reference";
import { callerOf, hooksIn, type Remover, updateCall } from "./find-removers";

/** What the keeper is asked. */
export type KeeperRequest =
  /** By a schedule: look at every watched service. */
  | { readonly kind: "all" }
  /** By ECS: a deployment of this service is over. By CloudTrail: somebody has changed it, and its hooks (`changedBy`). */
  | { readonly kind: "service"; readonly service: ServiceReference; readonly changedBy?: Remover }
  /** By a deployment of the environment: the gate is about to be deleted, or is not. */
  | { readonly kind: "removal"; readonly isDeletion: boolean };

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
  // EventBridge user guide, "AWS service events delivered via AWS CloudTrail".
  changed: z.object({
    source: z.literal("aws.ecs"),
    account: z.string().regex(/^\d{12}$/),
    region: z.string().regex(/^[a-z0-9-]{1,30}$/),
    detail: updateCall.extend({ eventName: z.literal("UpdateService") }),
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
  return service === undefined ? parseChange(event) : { kind: "service", service };
}

/** A call names service and cluster by their ARNs or names. Other names than an ARN has cannot be told apart from text. */
function parseChange(event: unknown): KeeperRequest | undefined {
  const changed = schemas.changed.safeParse(event).data;
  if (changed === undefined) return undefined;
  const { account, region, detail } = changed;
  const { requestParameters } = detail;
  const name = lastPart(requestParameters.service);
  const cluster = lastPart(requestParameters.cluster ?? "default");
  const service = parseServiceArn(`arn:${findPartition(region)}:ecs:${region}:${account}:service/${cluster}/${name}`);
  if (service === undefined) return undefined;
  // ECS keeps hooks that a call does not name, so such a caller has taken nothing away.
  return { kind: "service", service, ...(hooksIn(detail) === undefined ? {} : { changedBy: callerOf(detail) }) };
}
