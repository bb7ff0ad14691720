import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type ECSClient, ListTagsForResourceCommand } from "@aws-sdk/client-ecs";
import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { SNSClient } from "@aws-sdk/client-sns";
import type { Orders } from "../orders/orders";
import { assembleJudge, type JudgeParts } from "../reporting/assemble-judge";
import { createDelivery } from "../reporting/delivery";
import { createLedger } from "../reporting/ledger";
import type { SharedResources } from "../settings";
import type { Gate } from "./gate";
import { readKnownRevisions } from "./revisions";
import { readServiceDeployment, readWasDeployed } from "./service-deployment";
import { readTarget } from "./target";

/**
 * How the time of an answer is shared out, in milliseconds. For a tag the ledger and the orders are asked after the
 * verification, so that it gets less than the judge: what somebody makes slow must end in a verdict, and not in a limit.
 */
const READ_LIMIT_MS = 2500;
const JUDGE_LIMIT_MS = 6500;
const VERIFICATION_LIMIT_MS = 4000;

/** The parts of a deployment gate. */
export interface GateParts
  extends Pick<Gate, "settings" | "environment" | "metrics" | "log" | "gateLog" | "findOpening" | "now">,
    Pick<JudgeParts, "notation" | "credentialsFor" | "askManagedSigning"> {
  readonly resources: Omit<SharedResources, "ORDERS_TABLE" | "ORDERS_KEY_ARN">;
  readonly orders: Orders;
  readonly clients: {
    readonly ecs: ECSClient;
    readonly dynamodb: DynamoDBClient;
    readonly events: EventBridgeClient;
    readonly sns: SNSClient;
  };
  /** Called for each call to the ledger that failed. */
  readonly onLedgerUnavailable: (reason: string) => void;
  /** Waits for this many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

/** Puts a deployment gate together. */
export function assembleGate(parts: GateParts): Gate {
  const { settings, environment, resources, orders, metrics, log, gateLog, findOpening, now, pause } = parts;
  const { ecs, dynamodb, events, sns } = parts.clients;
  const ledger = createLedger({
    client: dynamodb,
    table: resources.LEDGER_TABLE,
    now,
    pause,
    days: settings.ledgerDays,
    onUnavailable: parts.onLedgerUnavailable,
  });
  return {
    settings,
    environment,
    logGroup: resources.AWS_LAMBDA_LOG_GROUP_NAME,
    runbookUrl: resources.RUNBOOK_URL,
    ledger,
    delivery: createDelivery({ events, sns, resources }),
    metrics,
    log,
    gateLog,
    judge: assembleJudge({
      settings,
      ledger,
      notation: parts.notation,
      credentialsFor: parts.credentialsFor,
      askManagedSigning: parts.askManagedSigning,
      orders,
      now,
      deadlineMs: Math.min(VERIFICATION_LIMIT_MS, settings.verificationTimeoutSeconds * 1000),
      onCacheAsked: metrics.cacheAsked,
    }),
    readTarget: (revisionArn) => readTarget(ecs, revisionArn),
    readDeployment: (deploymentArn) => readServiceDeployment(ecs, deploymentArn),
    async readRunning(arns, service) {
      if (arns.length === 0) return [];
      const [revisions, wasDeployed] = await Promise.all([
        readKnownRevisions(ecs, arns),
        readWasDeployed(ecs, service),
      ]);
      return revisions.filter(({ serviceRevisionArn = "" }) => wasDeployed(serviceRevisionArn));
    },
    ownerOf: (serviceArn) => readOwner(ecs, serviceArn, environment.ownerTag),
    findOpening,
    readLimitMs: READ_LIMIT_MS,
    judgeLimitMs: JUDGE_LIMIT_MS,
    now,
  };
}

/** Needs `ecs:ListTagsForResource`. Only a message needs the owner, so a failure is no reason for another answer. */
async function readOwner(ecs: ECSClient, serviceArn: string, key: string | undefined): Promise<string | undefined> {
  if (key === undefined) return undefined;
  try {
    const { tags = [] } = await ecs.send(new ListTagsForResourceCommand({ resourceArn: serviceArn }));
    return tags.find((tag) => tag.key === key)?.value;
  } catch {
    return undefined;
  }
}
