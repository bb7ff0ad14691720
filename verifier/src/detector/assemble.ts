import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { ECSClient } from "@aws-sdk/client-ecs";
import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { SecurityHubClient } from "@aws-sdk/client-securityhub";
import type { SNSClient } from "@aws-sdk/client-sns";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { taskDefinitionContainers } from "../ecs/task-definitions";
import { createFindingTable } from "../findings/finding-table";
import { createFindings } from "../findings/findings";
import type { Notation } from "../notation/serve";
import type { Orders } from "../orders/orders";
import { assembleJudge } from "../reporting/assemble-judge";
import { canaryTask } from "../reporting/canary";
import { createDelivery } from "../reporting/delivery";
import { createLedger } from "../reporting/ledger";
import { ledgerTable } from "../reporting/ledger/table";
import type { Resources } from "../settings";
import type { CredentialsFor } from "../verification/registry/ecr-credentials";
import type { AskManagedSigning } from "../verification/registry/managed-signing";
import type { LaunchDetector } from "./detector";
import { createPostpone } from "./postpone";
import { createResponder } from "./respond";

/** The parts of a launch detector. */
export interface DetectorParts extends Pick<LaunchDetector, "settings" | "metrics" | "log" | "now" | "pause"> {
  readonly resources: Omit<Resources, "ORDERS_TABLE" | "ORDERS_KEY_ARN">;
  readonly notation: Pick<Notation, "verify">;
  readonly credentialsFor: CredentialsFor;
  /** Default: ECR's managed signing is not asked. */
  readonly askManagedSigning?: AskManagedSigning;
  /** The orders of the moment. */
  readonly orders: Orders;
  readonly clients: {
    readonly ecs: ECSClient;
    readonly dynamodb: DynamoDBClient;
    readonly events: EventBridgeClient;
    readonly sns: SNSClient;
    readonly sqs: SQSClient;
    /** Undefined: the environment makes no findings. */
    readonly securityHub?: SecurityHubClient | undefined;
  };
  /** Called for each call to the ledger that failed. */
  readonly onLedgerUnavailable: (reason: string) => void;
}

/** Puts a launch detector together. */
export function assembleDetector(parts: DetectorParts): LaunchDetector {
  const { settings, resources, notation, credentialsFor, askManagedSigning, clients, metrics, log, now, pause } = parts;
  const { ecs, dynamodb, events, sns, sqs, securityHub } = clients;
  const table = {
    client: dynamodb,
    table: resources.LEDGER_TABLE,
    now,
    pause,
    days: settings.ledgerDays,
    onUnavailable: parts.onLedgerUnavailable,
  };
  const ledger = createLedger(table);
  const delivery = createDelivery({ events, sns, resources });
  const judge = assembleJudge({
    settings,
    ledger,
    notation,
    credentialsFor,
    askManagedSigning,
    orders: parts.orders,
    now,
    deadlineMs: settings.verificationTimeoutSeconds * 1000,
    onCacheAsked: metrics.cacheAsked,
  });
  return {
    settings,
    logGroup: resources.AWS_LAMBDA_LOG_GROUP_NAME,
    runbookUrl: resources.RUNBOOK_URL,
    canary: canaryTask(resources),
    judge,
    subjects: { containerNames: taskDefinitionContainers({ client: ecs }) },
    respond: createResponder({ ecs, ledger, settings, now }),
    ledger,
    postpone: createPostpone({ sqs, resources }),
    delivery,
    findings:
      securityHub &&
      createFindings({
        context: { ...settings, runbookUrl: resources.RUNBOOK_URL },
        client: securityHub,
        table: createFindingTable(ledgerTable(table)),
        ledger,
        delivery,
        log,
        now,
        onUnsent: metrics.findingsUnsent,
      }),
    metrics,
    log,
    now,
    pause,
  };
}
