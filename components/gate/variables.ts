import { withoutUndefined } from "../../trust/text/without-undefined";
import type { AttachSetting, GateMode } from "../../verifier/src/gate/hook";

/** The clusters and services that are enforced although the gate is in audit, as ARNs. */
export interface EnforcedPlaces {
  readonly clusters?: readonly string[] | undefined;
  readonly services?: readonly string[] | undefined;
}

/** What both functions are told of the gate. */
interface GateFacts {
  readonly mode: GateMode;
  /** ARNs of what is enforced in any case. */
  readonly enforced: readonly string[];
  /** ARNs of the watched clusters; every cluster if undefined. */
  readonly clusters?: readonly string[] | undefined;
  readonly ledgerTable: string;
  readonly topicArn: string;
  readonly ordersTable: string;
  readonly ordersKeyArn: string;
  /** 0: openings are ignored. */
  readonly openHours: number;
  /** URL of the runbook that messages link to. */
  readonly runbookUrl?: string | undefined;
}

export interface GateVariables extends GateFacts {
  readonly eventBusArn: string;
  readonly onInconclusive: "alert" | "deny";
  /** Key of the tag of a service that names who owns it. */
  readonly ownerTag?: string | undefined;
}

export interface KeeperVariables extends GateFacts {
  readonly environment: string;
  readonly attach: AttachSetting;
  /** ARNs of the named services. */
  readonly services: readonly string[];
  readonly targetArn: string;
  readonly invokerRoleArn: string;
}

type Variables = Readonly<Record<string, string>>;

/**
 * The most characters of a function's variables (Lambda quotas: 4 KB). That Lambda measures them as JSON is inferred
 * (variables-as-json) from the text of its refusal.
 */
export const VARIABLES_LIMIT = 4_096;

/** The variables of the gate's function. Lists are separated by commas; an empty one is left out. */
export function gateVariables(facts: GateVariables): Variables {
  return {
    LEDGER_TABLE: facts.ledgerTable,
    EVENT_BUS: facts.eventBusArn,
    NOTIFICATION_TOPIC: facts.topicArn,
    ORDERS_TABLE: facts.ordersTable,
    ORDERS_KEY_ARN: facts.ordersKeyArn,
    GATE_MODE: facts.mode,
    ...list("GATE_ENFORCE", facts.enforced),
    GATE_ON_INCONCLUSIVE: facts.onInconclusive,
    GATE_OPEN_HOURS: String(facts.openHours),
    ...list("WATCHED_CLUSTERS", facts.clusters),
    ...withoutUndefined({ GATE_OWNER_TAG: facts.ownerTag, RUNBOOK_URL: facts.runbookUrl }),
  };
}

/** The variables of the keeper's function. */
export function keeperVariables(facts: KeeperVariables): Variables {
  return {
    ENVIRONMENT: facts.environment,
    LEDGER_TABLE: facts.ledgerTable,
    NOTIFICATION_TOPIC: facts.topicArn,
    ORDERS_TABLE: facts.ordersTable,
    ORDERS_KEY_ARN: facts.ordersKeyArn,
    GATE_OPEN_HOURS: String(facts.openHours),
    KEEPER_ATTACH: facts.attach,
    ...list("KEEPER_SERVICES", facts.services),
    ...list("WATCHED_CLUSTERS", facts.clusters),
    GATE_TARGET_ARN: facts.targetArn,
    GATE_INVOKER_ROLE_ARN: facts.invokerRoleArn,
    GATE_MODE: facts.mode,
    ...list("GATE_ENFORCE", facts.enforced),
    ...withoutUndefined({ RUNBOOK_URL: facts.runbookUrl }),
  };
}

/** The size of a function's variables, as Lambda measures it. */
export function variablesSize(variables: Variables): number {
  return JSON.stringify(variables).length;
}

/** The ARNs of what is enforced although the gate is in audit. */
export function listEnforced({ clusters = [], services = [] }: EnforcedPlaces = {}): readonly string[] {
  return [...clusters, ...services];
}

function list(name: string, values: readonly string[] = []): Variables {
  return values.length === 0 ? {} : { [name]: values.join(",") };
}
