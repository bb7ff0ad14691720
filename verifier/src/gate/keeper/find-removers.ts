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
      const service = update && services.find((one) => isAbout(one, update.requestParameters));
      if (update === undefined || service === undefined || found.has(service.serviceArn)) continue;
      const { lifecycleHooks } = update.requestParameters.deploymentConfiguration;
      if (lifecycleHooks.some(({ hookTargetArn }) => isGateTarget(hookTargetArn, targetArn))) continue;
      const { userIdentity, eventTime, userAgent } = update;
      const caller = userIdentity.arn ?? userIdentity.invokedBy ?? "unknown";
      found.set(service.serviceArn, { caller, at: eventTime, program: userAgent });
    }
    NextToken = answer.NextToken;
    if (NextToken === undefined) break;
  }
  return found;
}

/** The fields of a CloudTrail record that are needed (CloudTrail user guide, "CloudTrail record contents"). */
const updateSchema = z.object({
  eventTime: z.string(),
  userAgent: z.string().optional(),
  userIdentity: z.object({ arn: z.string().optional(), invokedBy: z.string().optional() }),
  requestParameters: z.object({
    service: z.string(),
    cluster: z.string().optional(),
    deploymentConfiguration: z.object({
      lifecycleHooks: z.array(z.object({ hookTargetArn: z.string().optional() })),
    }),
  }),
});

type Update = z.infer<typeof updateSchema>;

function parseUpdate({ CloudTrailEvent }: Event): Update | undefined {
  return updateSchema.safeParse(parseJson(CloudTrailEvent ?? "")).data;
}

/** A service is named by its ARN, or by its name in a cluster of which the name or the ARN is given; `default` if none is. */
function isAbout(
  { serviceArn, serviceName, clusterArn }: UpdatedService,
  { service, cluster = "default" }: Update["requestParameters"],
): boolean {
  if (service === serviceArn) return true;
  return service === serviceName && (cluster === clusterArn || clusterArn.endsWith(`:cluster/${cluster}`));
}
