import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECSClient } from "@aws-sdk/client-ecs";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { KMSClient } from "@aws-sdk/client-kms";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { startAws } from "../../../../local/aws";
import type { AwsAnswers } from "../../../../local/aws-answers";
import { dynamodbTable } from "../../../../local/dynamodb-table";
import type { Orders } from "../../../../verifier/src/orders/orders";
import { OPERATOR_LIMIT_MS, startOrders } from "../../../../verifier/src/orders/start";
import { clientOf } from "../../../aws/support/account";
import { settings } from "../../../support/detector";
import { OUTPUTS_WITH_ORDERS } from "../../../support/environment-outputs";
import { orderAnswers } from "../../../support/order-answers";
import type { JudgedTask } from "./place";

/** How the ARNs of ECS begin. */
export const HEAD = "arn:aws:ecs:eu-west-1:111122223333";

/** Where its services are. */
export const SHOP = { region: "eu-west-1", account: "111122223333", cluster: "shop" };

/** What the functions are told of their resources. */
export const RESOURCES = {
  LEDGER_TABLE: "ledger",
  EVENT_BUS: "default",
  NOTIFICATION_TOPIC: "arn:aws:sns:eu-west-1:111122223333:verdicts",
  POSTPONED_QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/111122223333/postponed",
  AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/verifier",
};

/** AWS as one place finds it: an empty ledger, and the orders of the task. */
export interface TaskAws {
  readonly url: string;
  /** How a client reaches it. */
  readonly config: ReturnType<typeof clientOf>;
  readonly clients: {
    readonly ecs: ECSClient;
    readonly dynamodb: DynamoDBClient;
    readonly events: EventBridgeClient;
    readonly sns: SNSClient;
    readonly sqs: SQSClient;
  };
  /** The orders as the functions read them. */
  readonly orders: Orders;
}

/** Plays AWS while the work is done. `ecs` is what ECS answers. */
export async function withAws<T>(
  { orders, now }: JudgedTask,
  ecs: AwsAnswers,
  work: (aws: TaskAws) => Promise<T>,
): Promise<T> {
  const server = await startAws({ ...ecs, ...tablesWith(orders) });
  const config = clientOf(server.address);
  const clients = {
    ecs: new ECSClient(config),
    dynamodb: new DynamoDBClient(config),
    events: new EventBridgeClient(config),
    sns: new SNSClient(config),
    sqs: new SQSClient(config),
  };
  const kms = new KMSClient(config);
  const { environment, exemptionHours } = settings();
  const read = startOrders({
    dynamodb: clients.dynamodb,
    kms,
    table: OUTPUTS_WITH_ORDERS.ordersTable ?? "",
    keyArn: OUTPUTS_WITH_ORDERS.ordersKeyArn ?? "",
    environment,
    exemptionHours,
    limitMs: OPERATOR_LIMIT_MS,
    now: () => now.getTime(),
    onRefused: () => {},
    onUnavailable: mustNotHappen,
  });
  try {
    return await work({ url: server.url, config, clients, orders: read });
  } finally {
    for (const client of [...Object.values(clients), kms]) client.destroy();
    await server.close();
  }
}

/** The ledger's table and that of the orders answer the same operation. */
function tablesWith(orders: JudgedTask["orders"]): AwsAnswers {
  const [ledger, about] = [dynamodbTable(), orderAnswers(() => orders)];
  return {
    ...ledger,
    ...about,
    "DynamoDB.Query": (input) => {
      const { "DynamoDB.Query": query } = input.TableName === OUTPUTS_WITH_ORDERS.ordersTable ? about : ledger;
      return query?.(input);
    },
  };
}

/** For what would let a place judge without something that the others have. */
export function mustNotHappen(reason: string): never {
  throw new Error(`This must not happen here: ${reason}`);
}
