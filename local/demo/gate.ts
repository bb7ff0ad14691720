import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECSClient } from "@aws-sdk/client-ecs";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SNSClient } from "@aws-sdk/client-sns";
import type { HookAnswer } from "../../verifier/src/gate/answer";
import { answerCall } from "../../verifier/src/gate/answer-call";
import { assembleGate } from "../../verifier/src/gate/assemble";
import type { Gate, GateMetrics } from "../../verifier/src/gate/gate";
import type { Verdict } from "../../verifier/src/verification/verdict";
import { hookCallFor, type LocalDeployment } from "../ecs-deployments";
import type { DemoDetectorOptions } from "./detector";
import { localClientOptions } from "./local-clients";

/** A call of a lifecycle hook. */
export interface DemoCall {
  readonly deployment: LocalDeployment;
  readonly stage: "PRE_SCALE_UP" | "POST_SCALE_UP";
  readonly mode: "audit" | "enforce";
  /** What the answer before returned. */
  readonly hookDetails: unknown;
}

/** The gate's answer, and its verdict on each container by its name. */
export interface DemoAnswer {
  readonly answer: HookAnswer;
  readonly verdicts: ReadonlyMap<string, Verdict>;
}

/** A deployment gate whose AWS clients call the stand-in. */
export interface DemoGate {
  call(call: DemoCall): Promise<DemoAnswer>;
  /** Closes the connections. */
  close(): void;
}

/** Creates the gate in the same way as the Lambda function does. Its environment only audits launches. */
export function startDemoGate({ settings, notation, aws, clock, orders }: DemoDetectorOptions): DemoGate {
  const { region, account } = settings.trust;
  const local = localClientOptions(aws, region);
  const clients = {
    ecs: new ECSClient(local),
    dynamodb: new DynamoDBClient(local),
    events: new EventBridgeClient(local),
    sns: new SNSClient(local),
  };
  const gateFor = (mode: DemoCall["mode"], verdicts: Map<string, Verdict>): Gate => {
    const gate = assembleGate({
      settings: { ...settings, mode: "audit" },
      environment: {
        mode,
        enforced: [],
        onInconclusive: settings.onInconclusive,
        openHours: 0,
        watchedClusters: undefined,
        ownerTag: "owner",
      },
      resources: {
        LEDGER_TABLE: "ledger",
        EVENT_BUS: "default",
        NOTIFICATION_TOPIC: `arn:aws:sns:${region}:${account}:image-verdicts`,
        AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/gate",
      },
      notation,
      // The local registry needs no credentials. On AWS, ECR's tokens come from here.
      credentialsFor: async () => undefined,
      orders,
      findOpening: async () => undefined,
      clients,
      metrics: NO_METRICS,
      log: { verdict: () => {}, order: () => {}, failure: (_, error) => fail(error) },
      gateLog: { warn: () => {} },
      onLedgerUnavailable: (reason) => fail(new Error(`The stand-in for DynamoDB does not work: ${reason}`)),
      now: clock.now,
      pause: async (milliseconds) => clock.advance(milliseconds),
    });
    return {
      ...gate,
      judge: async (subject) => {
        const verdict = await gate.judge(subject);
        verdicts.set(subject.container, verdict);
        return verdict;
      },
    };
  };
  return {
    async call({ deployment, stage, mode, hookDetails }) {
      const verdicts = new Map<string, Verdict>();
      const gate = gateFor(mode, verdicts);
      const answer = await answerCall(hookCallFor(deployment, stage, hookDetails), {
        environment: gate.environment,
        start: () => gate,
        now: clock.now,
        onFailure: (what, error) => fail(new Error(`${what}: ${error}`)),
      });
      return { answer, verdicts };
    },
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

/** On AWS the gate answers whatever fails. Here that is a fault of the demo. */
function fail(error: Error): never {
  throw error;
}

/** On AWS, metrics are lines of the function's log; here they would disturb the table. */
const NO_METRICS: GateMetrics = {
  verdict: () => {},
  answered: () => {},
  failed: () => {},
  heartbeat: () => {},
  cacheAsked: () => {},
  deliveryFailed: () => {},
};
