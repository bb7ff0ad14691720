import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import * as z from "zod";
import { parseJson } from "../../../trust/text/parse-json";
import { readLogLines } from "../log-lines";
import { readVerdicts } from "../verdict-log";
import type { ReadRecord } from "../verdict-record";

/** The log of the gate's function. */
export interface GateLogGroup {
  readonly client: CloudWatchLogsClient;
  /** Name of the log group: the environment's output `gateLogGroup`. */
  readonly logGroup: string;
}

/** What the gate's log says about deployments since a time, by the ARN of their service. */
export interface GateHistory {
  readonly since: Date;
  /** Records in order of time. */
  readonly records: ReadonlyMap<string, readonly ReadRecord[]>;
  /** How many calls could not be judged. */
  readonly errors: ReadonlyMap<string, number>;
  /** How many errors there are that name no service. */
  readonly otherErrors: number;
}

/** How far the clocks of ECS and of the log may differ, in milliseconds. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** What the gate has recorded about one deployment, in order of time. Needs `logs:FilterLogEvents` on the log group. */
export async function readDeploymentRecords(
  log: GateLogGroup,
  deployment: string,
  { createdAt, finishedAt }: { readonly createdAt: Date; readonly finishedAt?: Date | undefined },
): Promise<readonly ReadRecord[]> {
  const since = new Date(createdAt.getTime() - CLOCK_SKEW_MS);
  const until = finishedAt && new Date(finishedAt.getTime() + CLOCK_SKEW_MS);
  const records: ReadRecord[] = [];
  for await (const record of readVerdicts({ ...log, since, until, filter: { deployment } })) records.push(record);
  return records;
}

/** What the gate has recorded about all deployments since a time. Needs `logs:FilterLogEvents` on the log group. */
export async function readGateHistory(log: GateLogGroup, since: Date): Promise<GateHistory> {
  const records = new Map<string, ReadRecord[]>();
  for await (const record of readVerdicts({ ...log, since })) {
    const service = record.deployment === undefined ? undefined : serviceIn(record.deployment);
    if (service === undefined) continue;
    const earlier = records.get(service);
    if (earlier === undefined) records.set(service, [record]);
    else earlier.push(record);
  }
  const errors = new Map<string, number>();
  let otherErrors = 0;
  for await (const { message = "" } of readLogLines({ ...log, pattern: ERRORS, from: since.getTime() })) {
    if (!isError(message)) continue;
    const service = serviceIn(message);
    if (service === undefined) otherErrors += 1;
    else errors.set(service, (errors.get(service) ?? 0) + 1);
  }
  return { since, records, errors, otherErrors };
}

/** What the gate writes when a call could not be judged: verifier/src/handlers/deployment.ts, verifier/src/gate/handle-call.ts. */
const NOT_READ = "What is deployed could not be read";
const ERRORS = `{ ($.level = "ERROR") || ($.message = "${NOT_READ}") }`;

const errorLine = z.union([z.object({ level: z.literal("ERROR") }), z.object({ message: z.literal(NOT_READ) })]);

/** The pattern only reduces traffic. */
function isError(line: string): boolean {
  return errorLine.safeParse(parseJson(line)).success;
}

const OF_SERVICE =
  /(?<head>arn:aws[a-z0-9-]{0,20}:ecs:[a-z0-9-]{1,30}:\d{12}):service(?:-revision|-deployment)?\/(?<path>[\w-]{1,255}\/[\w-]{1,255})/;

/** ARN of the service that a text names first, also as part of the ARN of its deployment or revision. */
function serviceIn(text: string): string | undefined {
  const { head, path } = OF_SERVICE.exec(text)?.groups ?? {};
  return head === undefined ? undefined : `${head}:service/${path}`;
}
