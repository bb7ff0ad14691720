import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECSClient } from "@aws-sdk/client-ecs";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { AWS_CALLS, LEDGER_CALLS } from "../../verifier/src/aws-calls";
import type { Settings } from "../../verifier/src/baked-settings";
import { assembleDetector } from "../../verifier/src/detector/assemble";
import type { LaunchDetector } from "../../verifier/src/detector/handle";
import type { Notation } from "../../verifier/src/notation/serve";
import type { Orders } from "../../verifier/src/orders/orders";
import type { LaunchMetrics } from "../../verifier/src/reporting/metrics";
import type { LocalAws } from "../aws";
import type { Clock } from "./clock";
import { localClientOptions } from "./local-clients";

export interface DemoDetectorOptions {
  readonly settings: Settings;
  readonly notation: Notation;
  readonly aws: LocalAws;
  readonly clock: Clock;
  readonly orders: Orders;
}

/** A launch detector whose AWS clients call the stand-in. */
export interface DemoDetector {
  readonly detector: LaunchDetector;
  /** Closes the connections. */
  readonly close: () => void;
}

/** Creates the launch detector in the same way as the Lambda function at its start. */
export function startDemoDetector({ settings, notation, aws, clock, orders }: DemoDetectorOptions): DemoDetector {
  const { region, account } = settings.trust;
  const local = localClientOptions(aws, region);
  const clients = {
    ecs: new ECSClient({ ...AWS_CALLS, ...local }),
    dynamodb: new DynamoDBClient({ ...LEDGER_CALLS, ...local }),
    events: new EventBridgeClient({ ...AWS_CALLS, ...local }),
    sns: new SNSClient({ ...AWS_CALLS, ...local }),
    sqs: new SQSClient({ ...AWS_CALLS, ...local }),
  };
  const detector = assembleDetector({
    settings,
    resources: {
      LEDGER_TABLE: "ledger",
      EVENT_BUS: "default",
      NOTIFICATION_TOPIC: `arn:aws:sns:${region}:${account}:image-verdicts`,
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/verifier",
      POSTPONED_QUEUE_URL: `${aws.url}/${account}/postponed`,
    },
    notation,
    // The local registry needs no credentials. On AWS, ECR's tokens come from here.
    credentialsFor: async () => undefined,
    clients,
    orders,
    metrics: NO_METRICS,
    // Failures are also thrown, and the table shows the same as the verdict lines.
    log: { verdict: () => {}, order: () => {}, failure: () => {} },
    // On AWS, the function acts even if the ledger cannot be reached. Here that is a fault of the demo.
    onLedgerUnavailable: (reason) => {
      throw new Error(`The stand-in for DynamoDB does not work: ${reason}`);
    },
    now: clock.now,
    // The clock is moved forward instead.
    pause: async (milliseconds) => clock.advance(milliseconds),
  });
  return {
    detector,
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

/** On AWS, metrics are lines of the function's log; here they would disturb the table. */
const NO_METRICS: LaunchMetrics = {
  verdict: () => {},
  response: () => {},
  launchJudged: () => {},
  cacheAsked: () => {},
  ledgerUnavailable: () => {},
  deliveryFailed: () => {},
  orderRefused: () => {},
  ordersUnavailable: () => {},
  findingsUnsent: () => {},
};
