import { CloudWatchLogsClient, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { ECSClient } from "@aws-sdk/client-ecs";
import { formatCallLine } from "../../../verifier/src/gate/call-line";
import { readGateEnvironment } from "../../../verifier/src/gate/environment";
import { readKnownRevisions } from "../../../verifier/src/gate/revisions";
import { readServiceDeployment } from "../../../verifier/src/gate/service-deployment";
import { readTarget } from "../../../verifier/src/gate/target";
import type { VerificationFacts } from "../../../verifier/src/notation/protocol";
import { clientOf } from "../../aws/support/account";
import { lineOf } from "../../aws/support/log-group";
import { testClock } from "../../support/clock";
import { testDetector } from "../../support/detector";
import { testGate } from "../../support/gate";
import { loggedInLambda } from "../../support/lambda-line";
import { memoryLedger } from "../../support/memory-ledger";
import { LOG_STREAM } from "./aws-in-moto";
import type { InvokeHook } from "./played-deployment";
import { isRecord, type Properties } from "./properties";

export interface PlayedGateOptions {
  /** `127.0.0.1:PORT` of moto, and the URL of ECS before it. */
  readonly address: string;
  readonly ecs: string;
  /** What a provider made; undefined where there is none. */
  readonly applied: (type: string, id: string) => Properties | undefined;
  readonly environment: string;
  /** Where the gate's verdicts are written, asked for when there is one. */
  readonly logGroup: () => string;
  /** What the notation process would find. */
  readonly facts: (reference: string) => VerificationFacts;
}

/**
 * Plays what Lambda does when ECS invokes the gate's hook. The gate is our own, with the variables that its function was given; it
 * asks ECS, and the lines that its function writes go to the log group. Its ledger is in memory and its messages go nowhere. A hook whose alias or role the
 * stack has not made cannot be invoked.
 */
export function playGate({ address, ecs: url, applied, environment, logGroup, facts }: PlayedGateOptions): InvokeHook {
  const aws = clientOf(address);
  const ecs = new ECSClient({ ...aws, endpoint: url });
  const logs = new CloudWatchLogsClient(aws);
  const ledger = memoryLedger(Date.now);
  const settings = { mode: "audit", environment } as const;
  const judging = testDetector({ settings, clock: testClock(new Date()) });
  judging.finds(({ reference }) => facts(reference));

  return async ({ hookTargetArn = "", roleArn = "" }, call) => {
    const { seen, call: ask } = testGate({
      settings,
      environment: readGateEnvironment(variablesOf(hookTargetArn, roleArn, applied)),
      ledger,
      judge: judging.judge,
      readTarget: (revision) => readTarget(ecs, revision),
      readDeployment: (deployment) => readServiceDeployment(ecs, deployment),
      readRunning: (revisions) => readKnownRevisions(ecs, revisions),
      now: Date.now,
    });
    const answer = await ask(call, { now: Date.now });
    const logEvents = [loggedInLambda(formatCallLine(call)), ...seen.lines.map(lineOf)].map((message) => ({
      timestamp: Date.now(),
      message,
    }));
    const stream = { logGroupName: logGroup(), logStreamName: LOG_STREAM };
    await logs.send(new PutLogEventsCommand({ ...stream, logEvents }));
    return answer;
  };
}

/**
 * The variables of the function behind an alias.
 *
 * @throws Error if the alias, the function or the role is not there.
 */
function variablesOf(target: string, role: string, applied: PlayedGateOptions["applied"]): NodeJS.ProcessEnv {
  const [name = "", alias = ""] = target.split(":").slice(-2);
  const made = applied("aws:lambda/function:Function", name);
  if (made === undefined || applied("aws:lambda/alias:Alias", `${name}:${alias}`) === undefined) {
    throw new Error(`There is no function ${target}.`);
  }
  if (applied("aws:iam/role:Role", role.slice(role.lastIndexOf("/") + 1)) === undefined) {
    throw new Error(`There is no role ${role}.`);
  }
  const variables = isRecord(made.environment) ? made.environment.variables : undefined;
  return isRecord(variables) ? Object.fromEntries(Object.entries(variables).map(([key, one]) => [key, `${one}`])) : {};
}
