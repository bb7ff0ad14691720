import * as z from "zod";

/** A call of a lifecycle hook by ECS. */
export interface HookCall {
  readonly stage: string;
  /** ARN of the service deployment. */
  readonly deploymentArn: string;
  readonly serviceArn: string;
  readonly serviceName: string;
  readonly clusterArn: string;
  /** ARN of the service revision that is deployed. */
  readonly revisionArn: string;
  /** What the service's definition has for the hook, merged with what the earlier answers in this deployment returned. */
  readonly hookDetails: unknown;
}

/** A call that cannot be read, with as much of it as helps to answer it. */
export interface UnreadableCall {
  readonly problem: string;
  readonly stage: string | undefined;
  /** What identifies the deployment: its ARN, or whatever the call has in its place. */
  readonly deployment: string;
  readonly hookDetails: unknown;
}

const arn = (kind: string) =>
  z
    .string()
    .max(2048)
    .regex(new RegExp(`^arn:aws[a-z0-9-]{0,20}:ecs:[a-z0-9-]{1,30}:\\d{12}:${kind}/[\\w-]{1,255}/[\\w-]{1,255}`));

/** With its cluster; without it in the old format, which long-lived services may still have. */
const serviceArnText = z
  .string()
  .max(2048)
  .regex(/^arn:aws[a-z0-9-]{0,20}:ecs:[a-z0-9-]{1,30}:\d{12}:service\/(?:[\w-]{1,255}\/)?[\w-]{1,255}$/);

const target = { serviceArn: serviceArnText, targetServiceRevisionArn: arn("service-revision") };
const head = {
  lifecycleStage: z.string().min(1).max(100),
  resourceArn: arn("service-deployment"),
  hookDetails: z.unknown().optional(),
};

/**
 * ECS's payload as it is documented (ECS developer guide, "Lambda lifecycle hooks"), and in the form of an older page, which
 * had the service and its revision at the top.
 */
const callSchema = z.union([
  z
    .object({ ...head, executionDetails: z.object(target) })
    .transform(({ executionDetails, ...rest }) => ({ ...rest, ...executionDetails })),
  z.object({ ...head, ...target }),
]);

/** Reads what ECS invoked the function with. Never throws. */
export function parseHookCall(event: unknown): HookCall | UnreadableCall {
  const parsed = callSchema.safeParse(event);
  if (!parsed.success)
    return unreadable(event, "it has no readable stage, service deployment, service or target revision");
  const { lifecycleStage, resourceArn, serviceArn, targetServiceRevisionArn, hookDetails } = parsed.data;
  // All three are about one service; a mixture would be judged as one service and enforced as another.
  const service = serviceOf(resourceArn);
  const isSame = service === serviceOf(targetServiceRevisionArn) && isAbout(serviceArn, service);
  if (!isSame) return unreadable(event, "its ARNs are about different services");
  return {
    stage: lifecycleStage,
    deploymentArn: resourceArn,
    // The deployment's ARN names cluster and service in any case.
    ...placeOf(service),
    revisionArn: targetServiceRevisionArn,
    hookDetails,
  };
}

/** The ARN of the service that the ARN of a deployment or a revision is about. */
function serviceOf(text: string): string {
  const [arnWord, partition, ecs, region, account, path = ""] = text.split(":");
  return [arnWord, partition, ecs, region, account, `service/${path.split("/").slice(1, 3).join("/")}`].join(":");
}

/** Whether the ARN of a service, in its new or its old format, is that of this service. */
function isAbout(serviceArn: string, service: string): boolean {
  return serviceArn === service || serviceArn === service.replace(/:service\/[\w-]+\//, ":service/");
}

const loose = z.object({
  lifecycleStage: z.string().max(100).optional().catch(undefined),
  resourceArn: z.string().max(2048).optional().catch(undefined),
  executionId: z.string().max(2048).optional().catch(undefined),
  hookDetails: z.unknown().optional(),
});

function unreadable(event: unknown, problem: string): UnreadableCall {
  const { lifecycleStage, resourceArn, executionId, hookDetails } = loose.safeParse(event).data ?? {};
  return { problem, stage: lifecycleStage, deployment: resourceArn ?? executionId ?? "unknown", hookDetails };
}

/** Where a service is, by its ARN with the cluster's name. */
function placeOf(serviceArn: string): Pick<HookCall, "serviceArn" | "serviceName" | "clusterArn"> {
  const [head = "", path = ""] = serviceArn.split(":service/");
  const [cluster = "", serviceName = ""] = path.split("/");
  return { serviceArn, serviceName, clusterArn: `${head}:cluster/${cluster}` };
}
