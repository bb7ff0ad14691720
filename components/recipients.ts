/** The statuses that people are told of. */
export type NotifiedStatus = "denied" | "inconclusive";

/** What somebody wants to hear. */
export interface Interest {
  /** Default: denied and inconclusive. An inconclusive verdict is told when it is final. */
  readonly statuses?: readonly NotifiedStatus[];
  /** Whether the alarms are told as well. Default: true. */
  readonly alarms?: boolean;
}

const EVERY_STATUS: readonly NotifiedStatus[] = ["denied", "inconclusive"];

/** The statuses that an interest stands for, each once and in one order. */
export function statusesOf({ statuses = EVERY_STATUS }: Pick<Interest, "statuses">): readonly NotifiedStatus[] {
  return EVERY_STATUS.filter((status) => statuses.includes(status));
}

/**
 * The filter policy of an SNS subscription, as JSON; undefined if it wants all there is. Messages about verdicts have the
 * attribute `status` (verifier/src/launch/delivery.ts); alarms have no attributes, hence `exists: false` for them. That
 * SNS takes it beside other values is inferred from its documentation of OR logic.
 */
export function filterPolicy(interest: Interest): string | undefined {
  const statuses = statusesOf(interest);
  const alarms = interest.alarms ?? true;
  if (alarms && statuses.length === EVERY_STATUS.length) return undefined;
  return JSON.stringify({ status: [...statuses, ...(alarms ? [{ exists: false }] : [])] });
}
