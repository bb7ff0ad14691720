import type { GateMode } from "../hook";
import type { ServiceReference } from "./service-reference";

/** Where the gate enforces. */
export interface GateModes {
  readonly mode: GateMode;
  /** ARNs of clusters and services that are enforced although `mode` is audit. */
  readonly enforce: readonly string[];
}

/**
 * The mode of the gate for one service.
 *
 * @param service with the ARNs of service and cluster, not their names.
 */
export function modeFor({ mode, enforce }: GateModes, { cluster, service }: ServiceReference): GateMode {
  return enforce.includes(service) || enforce.includes(cluster) ? "enforce" : mode;
}
