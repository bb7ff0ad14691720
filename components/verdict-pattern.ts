import { EVENT_DETAIL_TYPE, EVENT_SOURCE } from "../verifier/src/reporting/delivery";
import type { NotifiedStatus } from "./recipients";

/**
 * The event pattern for one environment's verdicts of some statuses, as JSON, as far as people are told of them: those have
 * a count, and texts for chats. A bus may serve several environments.
 */
export function verdictPattern(environment: string, statuses: readonly NotifiedStatus[]): string {
  return JSON.stringify({
    source: [EVENT_SOURCE],
    "detail-type": [EVENT_DETAIL_TYPE],
    detail: { environment: [environment], status: statuses, count: [{ exists: true }] },
  });
}
