import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECSClient } from "@aws-sdk/client-ecs";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { KMSClient } from "@aws-sdk/client-kms";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { OrderPlace } from "../../../automation/operations/orders/order-place";
import { AWS_CALLS, LEDGER_CALLS } from "../../../verifier/src/aws-calls";
import type { Settings } from "../../../verifier/src/baked-settings";
import { createPostpone } from "../../../verifier/src/detector/postpone";
import { createResponder } from "../../../verifier/src/detector/respond";
import type { Orders } from "../../../verifier/src/orders/orders";
import { LAUNCH_LIMIT_MS, ORDER_CALLS, startOrders } from "../../../verifier/src/orders/start";
import { createDelivery } from "../../../verifier/src/reporting/delivery";
import { createLedger } from "../../../verifier/src/reporting/ledger";
import { testClock } from "../../support/clock";
import { settings, type TestDetector, testDetector } from "../../support/detector";
import { EVENT_TIME } from "../../support/launch-events";
import { memoryOrders } from "../../support/orders";
import { type Account, clientOf, createAccount, type Services } from "./account";
import { useDynamoDb } from "./dynamodb";
import { useMoto } from "./moto";
import { type Fault, startAwsProxy } from "./proxy";

/** moto and DynamoDB Local behind a proxy that can fail, and a detector whose every AWS call goes there. */
export interface AwsScene {
  readonly account: Account;
  /** `127.0.0.1:PORT`, where AWS is. */
  readonly address: string;
  readonly ecs: ECSClient;
  detector(changes?: Partial<Settings>): TestDetector;
  /** One that reads orders of the moment from the account, and where they are; `environment` is that of the orders. */
  withOrders(environment?: string): { readonly detector: TestDetector; readonly place: OrderPlace };
  /** One that waits for the ledger as long as it takes: many at once take long on a machine that has other things to do. */
  patientDetector(): TestDetector;
  /** AWS has these faults from now on; without any it is well. */
  aws(...faults: readonly Fault[]): void;
}

/** Makes an account for each test. */
export function useAws(): () => AwsScene {
  const moto = useMoto();
  const dynamodb = useDynamoDb();
  let scene: (AwsScene & { close(): Promise<void> }) | undefined;
  beforeEach(async () => {
    scene = await startScene({ aws: moto().address, dynamodb: dynamodb().address });
  });
  afterEach(() => scene?.close());
  return () => {
    if (scene === undefined) throw new Error("The scene is there only while a test runs.");
    return scene;
  };
}

async function startScene(services: Services): Promise<AwsScene & { close(): Promise<void> }> {
  const account = await createAccount(services);
  const proxy = await startAwsProxy(services);
  const config = clientOf(proxy.address);
  const ecs = new ECSClient({ ...AWS_CALLS, ...config });
  const events = new EventBridgeClient({ ...AWS_CALLS, ...config });
  const sns = new SNSClient({ ...AWS_CALLS, ...config });
  // The URL of a queue of moto's has moto's address.
  const sqs = new SQSClient({ ...AWS_CALLS, ...config, useQueueUrlAsEndpoint: false });
  const dynamodb = new DynamoDBClient({ ...LEDGER_CALLS, ...config });
  const ordersDynamodb = new DynamoDBClient({ ...ORDER_CALLS, ...config });
  const kms = new KMSClient({ ...ORDER_CALLS, ...config });
  const detectorWith = (
    client: DynamoDBClient,
    changes: Partial<Settings> = {},
    orders: Orders = memoryOrders(),
  ): TestDetector => {
    const clock = testClock(EVENT_TIME);
    const given = settings(changes);
    const ledger = createLedger({
      client,
      table: account.resources.LEDGER_TABLE,
      now: clock.now,
      pause: sleep,
      days: given.ledgerDays,
      onUnavailable: () => detector.metrics.ledgerUnavailable(),
    });
    const detector: TestDetector = testDetector({
      settings: given,
      clock,
      ledger,
      orders,
      respond: createResponder({ ecs, ledger, settings: given, now: clock.now }),
      postpone: createPostpone({ sqs, resources: account.resources }),
      delivery: createDelivery({ events, sns, resources: account.resources }),
    });
    return detector;
  };
  const patience = { requestHandler: { connectionTimeout: 60_000, requestTimeout: 60_000 } };
  const patientDynamodb = new DynamoDBClient({ ...LEDGER_CALLS, ...config, ...patience });
  return {
    account,
    address: proxy.address,
    ecs,
    aws: proxy.behave,
    detector: (changes) => detectorWith(dynamodb, changes),
    withOrders(environment = "prod") {
      const { ORDERS_TABLE: table, ORDERS_KEY_ARN: keyArn } = account.resources;
      const place: OrderPlace = {
        dynamodb: ordersDynamodb,
        kms,
        table,
        keyArn,
        environment,
        exemptionHours: settings().exemptionHours,
      };
      const orders = startOrders({
        ...place,
        environment: settings().environment,
        limitMs: LAUNCH_LIMIT_MS,
        now: () => detector.clock.now(),
        onRefused: () => detector.metrics.orderRefused(),
        onUnavailable: () => detector.metrics.ordersUnavailable(),
      });
      const detector = detectorWith(dynamodb, {}, orders);
      return { detector, place };
    },
    patientDetector: () => detectorWith(patientDynamodb),
    async close() {
      for (const client of [ecs, events, sns, sqs, dynamodb, patientDynamodb, ordersDynamodb, kms]) client.destroy();
      await proxy.close();
    },
  };
}
