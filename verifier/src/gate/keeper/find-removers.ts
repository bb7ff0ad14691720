import { type CloudTrailClient, type Event, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import * as z from "zod";
import { parseJson } from "../../../../trust/text/parse-json";
import { isGateTarget } from "../hook";

/** A service from which the gate's hook was taken away. */
export interface UpdatedService {
  readonly serviceArn: string;
  readonly serviceName: string;
  readonly clusterArn: string;
}

/** Who took it away. */
export interface Remover {
  /** ARN of the caller. */
  readonly caller: string;
  /** ISO 8601. */
  readonly at: string;
  /** The program, as it calls itself. */
  readonly program: string | undefined;
}

/** How far back to look, in milliseconds: the keeper runs every quarter of an hour, and may have failed for a while. */
const LOOK_BACK_MS = 6 * 3_600_000;

/** Fifty events each (API reference, LookupEvents), two calls a second for the account and region. */
const MOST_PAGES = 5;
const BETWEEN_CALLS_MS = 600;

export interface LookUp {
  readonly cloudtrail: CloudTrailClient;
  readonly targetArn: string;
  readonly now: () => number;
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

/**
 * Looks in CloudTrail for the newest UpdateService of each service that set lifecycle hooks without the gate's. CloudTrail
 * shows a call some minutes after it was made, so the answer may be missing. Needs `cloudtrail:LookupEvents`.
 *
 * @returns the callers by the ARN of the service.
 */
export async function findRemovers(
  { cloudtrail, targetArn, now, pause }: LookUp,
  services: readonly UpdatedService[],
): Promise<ReadonlyMap<string, Remover>> {
  const found = new Map<string, Remover>();
  let NextToken: string | undefined;
  for (let page = 0; page < MOST_PAGES && found.size < services.length; page += 1) {
    if (page > 0) await pause(BETWEEN_CALLS_MS);
    const answer = await cloudtrail.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: "UpdateService" }],
        StartTime: new Date(now() - LOOK_BACK_MS),
        ...(NextToken === undefined ? {} : { NextToken }),
      }),
    );
    // The newest come first.
    for (const event of answer.Events ?? []) {
      const update = parseUpdate(event);
      const hooks = update && hooksIn(update);
      if (update === undefined || hooks === undefined) continue;
      if (hooks.some(({ hookTargetArn }) => isGateTarget(hookTargetArn, targetArn))) continue;
      const service = services.find((one) => isAbout(one, update.requestParameters));
      if (service !== undefined && !found.has(service.serviceArn)) found.set(service.serviceArn, callerOf(update));
    }
    NextToken = answer.NextToken;
    if (NextToken === undefined) break;
  }
  return found;
}

/** The fields of a call of UpdateService that are needed (CloudTrail user guide, "CloudTrail record contents"); not of one that failed. */
export const updateCall = z.object({
  eventTime: z.string(),
  errorCode: z.undefined().optional(),
  userAgent: z.string().optional(),
  userIdentity: z.object({ arn: z.string().optional(), invokedBy: z.string().optional() }),
  requestParameters: z.object({
    service: z.string(),
    cluster: z.string().optional(),
    deploymentConfiguration: z
      .object({ lifecycleHooks: z.array(z.object({ hookTargetArn: z.string().optional() })).optional() })
      .optional(),
  }),
});

type UpdateCall = z.infer<typeof updateCall>;

/** The hooks that a call sets; undefined if it leaves them as they are. */
export function hooksIn({ requestParameters }: UpdateCall) {
  return requestParameters.deploymentConfiguration?.lifecycleHooks;
}

export function callerOf({ userIdentity, eventTime, userAgent }: UpdateCall): Remover {
  return { caller: userIdentity.arn ?? userIdentity.invokedBy ?? "unknown", at: eventTime, program: userAgent };
}

function parseUpdate({ CloudTrailEvent }: Event): UpdateCall | undefined {
  return updateCall.safeParse(parseJson(CloudTrailEvent ?? "")).data;
}

/** A service is named by its ARN, or by its name in a cluster of which the name or the ARN is given; `default` if none is. */
function isAbout(
  { serviceArn, serviceName, clusterArn }: UpdatedService,
  { service, cluster = "default" }: UpdateCall["requestParameters"],
): boolean {
  if (service === serviceArn) return true;
  return service === serviceName && (cluster === clusterArn || clusterArn.endsWith(`:cluster/${cluster}`));
}
