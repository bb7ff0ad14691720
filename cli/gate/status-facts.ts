import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { ECSClient, Service } from "@aws-sdk/client-ecs";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import type { Gate } from "../../automation/operations/gate/change-services";
import { type GateHistory, readDeploymentRecords, readGateHistory } from "../../automation/operations/gate/gate-log";
import { type LastDeployment, readLastDeployment } from "../../automation/operations/gate/last-deployment";
import { READY_DAYS } from "../../automation/operations/gate/readiness";
import { listOpenings } from "../../automation/operations/orders/list-openings";
import { hasEcsController } from "../../verifier/src/gate/attachment/plan";
import { modeFor } from "../../verifier/src/gate/environment";
import { inParallel } from "../../verifier/src/in-parallel";
import type { Opening } from "../../verifier/src/orders/opening";
import { type AwsQuestion, areCredentialsRefused, askAws } from "../lib/aws-errors";
import { showCount } from "../lib/count-progress";
import { CommandFailedError } from "../lib/errors";
import { openingPlaceOf } from "./deployed-openings";

const DAY_MS = 24 * 3_600_000;
const AT_ONCE = 4;

/** A service and its newest deployment, if ECS knows one. */
export interface DeployedService {
  readonly service: Service;
  readonly lastDeployment: LastDeployment | undefined;
}

/** Reads what `gate status` shows. What may not be read is left out. */
export interface Gathering {
  /** What was left out, and why: for people. */
  readonly notes: readonly string[];
  /** Those in force; undefined if they could not be read. */
  openings(): Promise<readonly Opening[] | undefined>;
  /** Of the days that count for readiness; undefined if it could not be read. */
  history(): Promise<GateHistory | undefined>;
  /**
   * In the order of the services, with what the gate recorded about those deployments that did not succeed, and about those of
   * services that it only audits.
   *
   * @param history what was read already.
   */
  lastDeployments(services: readonly Service[], history?: GateHistory): AsyncGenerator<DeployedService>;
}

export function createGathering(ecs: ECSClient, outputs: EnvironmentOutputs, { modes }: Gate): Gathering {
  const notes: string[] = [];
  const { gateLogGroup, region } = outputs;
  let log =
    gateLogGroup === undefined
      ? undefined
      : { client: new CloudWatchLogsClient({ region, maxAttempts: 5 }), logGroup: gateLogGroup };
  if (log === undefined) notes.push("The outputs have no gateLogGroup, so what the gate recorded is left out.");

  async function orNote<Answer>(
    question: AwsQuestion,
    call: () => Promise<Answer>,
    isTheEnd: (cause: unknown) => boolean = () => false,
  ): Promise<Answer | undefined> {
    try {
      return await askAws(question, call);
    } catch (error) {
      if (!(error instanceof CommandFailedError) || isTheEnd(error.cause)) throw error;
      // Several services are read at a time.
      if (!notes.includes(error.message)) notes.push(error.message);
      return undefined;
    }
  }

  async function readLog<Answer>(
    read: (from: NonNullable<typeof log>) => Promise<Answer>,
  ): Promise<Answer | undefined> {
    const from = log;
    if (from === undefined) return undefined;
    const question = {
      asking: "Reading the log group of the gate",
      of: from.logGroup,
      action: "logs:FilterLogEvents on it",
    };
    const answer = await orNote(question, () => read(from));
    // Said once, and not asked again for each service.
    if (answer === undefined) log = undefined;
    return answer;
  }

  async function withRecords(service: Service, history: GateHistory | undefined): Promise<DeployedService> {
    const { serviceArn = "", clusterArn = "" } = service;
    const question = {
      asking: "Reading the deployments of",
      of: serviceArn,
      action: "ecs:ListServiceDeployments on it",
    };
    const last = await orNote(question, () => readLastDeployment(ecs, service), areCredentialsRefused);
    const { status, createdAt, finishedAt, deployment } = last ?? {};
    // Where the gate enforces, a deployment that succeeded was not denied, or passed by an order or as the way back.
    const isClear = status === "SUCCESSFUL" && modeFor(modes, { serviceArn, clusterArn }) === "enforce";
    if (last === undefined || isClear || createdAt === undefined || deployment === undefined) {
      return { service, lastDeployment: last };
    }
    const isInHistory = history !== undefined && createdAt >= history.since;
    const records = isInHistory
      ? (history.records.get(serviceArn) ?? []).filter((one) => one.deployment === deployment)
      : await readLog((from) => readDeploymentRecords(from, deployment, { createdAt, finishedAt }));
    return { service, lastDeployment: { ...last, records } };
  }

  return {
    notes,
    async openings() {
      const place = openingPlaceOf(outputs);
      if (place === undefined || place.openHours === 0) return [];
      const question = {
        asking: "Reading the openings of the table",
        of: place.table,
        action: "dynamodb:Scan on it, and kms:Decrypt on the key of the orders",
      };
      const list = await orNote(question, () => listOpenings(place, Date.now()));
      return list?.openings.flatMap(({ opening, state }) => (state === "in-force" ? [opening] : []));
    },
    async history() {
      const found = await readLog((from) => readGateHistory(from, new Date(Date.now() - READY_DAYS * DAY_MS)));
      const { otherErrors = 0 } = found ?? {};
      if (otherErrors > 0) process.stderr.write(`${otherErrorsText(otherErrors, gateLogGroup ?? "")}\n`);
      return found;
    },
    async *lastDeployments(services, history) {
      const progress = showCount(process.stderr, services.length, "services read");
      let done = 0;
      try {
        const read = inParallel(services, AT_ONCE, async (service) =>
          hasEcsController(service) ? withRecords(service, history) : { service, lastDeployment: undefined },
        );
        for await (const one of read) {
          done += 1;
          progress.done(done);
          yield one;
        }
      } finally {
        progress.end();
      }
    },
  };
}

/** Errors of which the log does not say which service they are about do not make every service unready. */
function otherErrorsText(count: number, logGroup: string): string {
  const errors =
    count === 1 ? "1 error that names no service, and may" : `${count} errors that name no service, and may`;
  return `The log of the gate has ${errors} be about any: aws logs filter-log-events --log-group-name ${logGroup} --filter-pattern '{ $.level = "ERROR" }' shows the errors.`;
}
