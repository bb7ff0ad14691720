import * as z from "zod";
import { listOf, readVariables, sharedSchema } from "../../variables";
import { openHours } from "../environment";
import { ATTACH_SETTINGS, type AttachSetting, type GateMode } from "../hook";

/** What the keeper is told: environment variables of its function. */
export interface KeeperEnvironment {
  /** Name of the environment. */
  readonly environment: string;
  readonly attach: AttachSetting;
  /** ARNs of services that are named: all that `listed` attaches to, and for `all` those that need a name. */
  readonly services: readonly string[];
  /** ARNs of the watched clusters; undefined: every cluster of the account and region. */
  readonly watchedClusters: readonly string[] | undefined;
  readonly targetArn: string;
  readonly roleArn: string;
  readonly mode: GateMode;
  /** ARNs of clusters and services that are enforced although the mode is `audit`. */
  readonly enforced: readonly string[];
  readonly ledgerTable: string;
  readonly ordersTable: string;
  readonly ordersKeyArn: string;
  /** How long an opening of the gate may last, in hours. 0: openings are ignored. */
  readonly openHours: number;
  readonly topicArn: string;
  /** URL of the runbook that messages link to. Undefined: its path in this repository. */
  readonly runbookUrl: string | undefined;
}

const schema = sharedSchema
  .pick({
    LEDGER_TABLE: true,
    ORDERS_TABLE: true,
    ORDERS_KEY_ARN: true,
    NOTIFICATION_TOPIC: true,
    RUNBOOK_URL: true,
  })
  .extend({
    ENVIRONMENT: z.string().min(1),
    KEEPER_ATTACH: z.enum(ATTACH_SETTINGS),
    KEEPER_SERVICES: z.string().optional(),
    WATCHED_CLUSTERS: z.string().optional(),
    GATE_TARGET_ARN: z.string().regex(/^arn:[a-z-]+:lambda:.+:function:/, "must be the ARN of a Lambda alias"),
    GATE_INVOKER_ROLE_ARN: z.string().regex(/^arn:[a-z-]+:iam:.+:role\//, "must be the ARN of a role"),
    GATE_MODE: z.enum(["audit", "enforce"]),
    GATE_ENFORCE: z.string().optional(),
    GATE_OPEN_HOURS: openHours,
  });

/**
 * Reads the environment variables.
 *
 * @throws SettingsError that names every variable that is missing or wrong.
 */
export function readKeeperEnvironment(env: NodeJS.ProcessEnv): KeeperEnvironment {
  const data = readVariables(schema, env);
  const watched = listOf(data.WATCHED_CLUSTERS);
  return {
    environment: data.ENVIRONMENT,
    attach: data.KEEPER_ATTACH,
    services: listOf(data.KEEPER_SERVICES),
    watchedClusters: watched.length === 0 ? undefined : watched,
    targetArn: data.GATE_TARGET_ARN,
    roleArn: data.GATE_INVOKER_ROLE_ARN,
    mode: data.GATE_MODE,
    enforced: listOf(data.GATE_ENFORCE),
    ledgerTable: data.LEDGER_TABLE,
    ordersTable: data.ORDERS_TABLE,
    ordersKeyArn: data.ORDERS_KEY_ARN,
    openHours: data.GATE_OPEN_HOURS,
    topicArn: data.NOTIFICATION_TOPIC,
    runbookUrl: data.RUNBOOK_URL,
  };
}
