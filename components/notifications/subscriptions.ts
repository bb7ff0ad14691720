import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../../trust/text/fixable-error";
import { ComponentError } from "../program-error";

/** The statuses that people are told of. */
export type NotifiedStatus = "denied" | "inconclusive";

/** What somebody wants to hear. */
export interface Interest {
  /** Default: denied and inconclusive. An inconclusive verdict is told when it is final. */
  readonly statuses?: readonly NotifiedStatus[];
  /** Whether the alarms are told as well. Default: true. */
  readonly alarms?: boolean;
}

/** How SNS reaches somebody. */
export type Protocol = "email" | "https";

/** Where somebody is reached. */
export interface Address {
  readonly protocol: Protocol;
  readonly address: pulumi.Input<string>;
  /** Tells the subscription from others, in place of the address. */
  readonly name?: string | undefined;
}

const EVERY_STATUS: readonly NotifiedStatus[] = ["denied", "inconclusive"];

/** The statuses that an interest stands for, each once and in one order. */
export function listStatuses({ statuses = EVERY_STATUS }: Pick<Interest, "statuses">): readonly NotifiedStatus[] {
  return EVERY_STATUS.filter((status) => statuses.includes(status));
}

/**
 * The filter policy of an SNS subscription, as JSON; undefined if it wants all there is. Messages about verdicts have the
 * attribute `status` (verifier/src/reporting/delivery.ts); alarms have no attributes, hence `exists: false` for them. That
 * SNS takes it beside other values is inferred (filter-exists-beside-values) from its documentation of OR logic.
 */
export function filterPolicy(interest: Interest): string | undefined {
  const statuses = listStatuses(interest);
  const alarms = interest.alarms ?? true;
  if (alarms && statuses.length === EVERY_STATUS.length) return undefined;
  return JSON.stringify({ status: [...statuses, ...(alarms ? [{ exists: false }] : [])] });
}

/** Nothing tells a recipient's subscription from others. */
export class RecipientUnnamedError extends ComponentError {
  override readonly name = "RecipientUnnamedError";

  get fault(): Fault {
    return "input";
  }
}

/**
 * Names a subscription by a hash of its address, never by its place in a list: subscribing an address that is there gives the
 * existing subscription, which would be removed where another one's name went on to a new address (SNS API reference,
 * Subscribe; terraform-provider-aws removes by ARN; inferred (subscription-identity)). A secret address is not to be found out
 * from it.
 *
 * @throws {@link RecipientUnnamedError} for an address that is known only while Pulumi runs, without a name.
 */
export function subscriptionName({ protocol, address, name }: Address): string {
  if (name !== undefined) return name;
  if (typeof address !== "string") {
    throw new RecipientUnnamedError({
      what: `A recipient by ${protocol} has an address that is an Output, which cannot name its subscription.`,
      fix: 'Give it a name of its own, such as { name: "on-call", ... }, and keep it for as long as the address.',
    });
  }
  // Mailboxes are the same in whatever case.
  const told = protocol === "email" ? address.toLowerCase() : address;
  return `${protocol}-${createHash("sha256").update(told).digest("hex").slice(0, 12)}`;
}
