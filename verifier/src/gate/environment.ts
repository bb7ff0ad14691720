import * as z from "zod";
import type { Settings } from "../baked-settings";
import { listOf } from "../variables";
import type { GateMode } from "./hook";

/** What the gate must know to answer even when nothing else can be read: environment variables of its function. */
export interface GateEnvironment {
  readonly mode: GateMode;
  /** ARNs of clusters and services that are enforced although the mode is `audit`. */
  readonly enforced: readonly string[];
  readonly onInconclusive: Settings["onInconclusive"];
  /** How long an opening of the gate may last, in hours. 0: openings are ignored. */
  readonly openHours: number;
  /** ARNs of the clusters that the launch detector watches; undefined: every cluster. */
  readonly watchedClusters: readonly string[] | undefined;
  /** Key of the tag that names who owns a service. */
  readonly ownerTag: string | undefined;
}

/** The longest time that an opening of the gate can be allowed, in hours. */
export const LONGEST_OPENING_HOURS = 72;

/** How long an opening may last, in hours. What is not clearly a number of hours allows none. */
export const openHours = z.coerce.number().int().min(0).max(LONGEST_OPENING_HOURS).catch(0);

/** Reads the environment variables. Never throws: what is not clearly `enforce` audits. */
export function readGateEnvironment(env: NodeJS.ProcessEnv): GateEnvironment {
  const watched = listOf(env.WATCHED_CLUSTERS);
  return {
    mode: env.GATE_MODE === "enforce" ? "enforce" : "audit",
    enforced: listOf(env.GATE_ENFORCE),
    onInconclusive: env.GATE_ON_INCONCLUSIVE === "deny" ? "deny" : "alert",
    openHours: openHours.parse(env.GATE_OPEN_HOURS || 0),
    watchedClusters: watched.length === 0 ? undefined : watched,
    ownerTag: env.GATE_OWNER_TAG || undefined,
  };
}

/** The mode for one service. */
export function modeFor(
  { mode, enforced }: Pick<GateEnvironment, "mode" | "enforced">,
  service: { readonly serviceArn: string; readonly clusterArn: string },
): GateMode {
  return enforced.includes(service.serviceArn) || enforced.includes(service.clusterArn) ? "enforce" : mode;
}
