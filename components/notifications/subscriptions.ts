import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../../trust/text/fixable-error";
import { ComponentError } from "../program-error";

/** The statuses that people can be notified of. */
export type NotifiedStatus = "denied" | "inconclusive";

/** What a recipient wants to receive. */
export interface Interest {
  /** Default: denied and inconclusive. An inconclusive verdict is sent once it is final. */
  readonly statuses?: readonly NotifiedStatus[];
  /** Whether alarms are sent as well. Default: true. */
  readonly alarms?: boolean;
}

/** The SNS protocol of a subscription. */
export type Protocol = "email" | "https";

/** The endpoint of a subscription. */
export interface Address {
  readonly protocol: Protocol;
  readonly address: pulumi.Input<string>;
  /** Names the subscription. Default: made from the address. */
  readonly name?: string | undefined;
}

const EVERY_STATUS: readonly NotifiedStatus[] = ["denied", "inconclusive"];

/** The statuses of an interest, without duplicates and in a fixed order. */
export function listStatuses({ statuses = EVERY_STATUS }: Pick<Interest, "statuses">): readonly NotifiedStatus[] {
  return EVERY_STATUS.filter((status) => statuses.includes(status));
}

/**
 * The filter policy of an SNS subscription, as JSON; undefined if the recipient wants everything. Messages about verdicts
 * have the attribute `status` (verifier/src/reporting/delivery.ts). Alarms have no attributes and match `exists: false`.
 * That SNS accepts it beside other values is inferred (filter-exists-beside-values) from its documentation of OR logic.
 */
export function filterPolicy(interest: Interest): string | undefined {
  const statuses = listStatuses(interest);
  const alarms = interest.alarms ?? true;
  if (alarms && statuses.length === EVERY_STATUS.length) return undefined;
  return JSON.stringify({ status: [...statuses, ...(alarms ? [{ exists: false }] : [])] });
}

/** A recipient's subscription has no name and cannot be named by its address. */
export class RecipientUnnamedError extends ComponentError {
  override readonly name = "RecipientUnnamedError";

  get fault(): Fault {
    return "input";
  }
}

/**
 * Names a subscription by a hash of its address, not by its position in the list. With positions, a recipient that moves in
 * the list would be subscribed again under another name; SNS would answer with the existing subscription, and Pulumi would
 * then delete it under the old name (SNS API reference, Subscribe; terraform-provider-aws removes by ARN;
 * inferred (subscription-identity)). The hash does not show a secret address.
 *
 * @throws {@link RecipientUnnamedError} for an address that is an Output, without a name.
 */
export function subscriptionName({ protocol, address, name }: Address): string {
  if (name !== undefined) return name;
  if (typeof address !== "string") {
    throw new RecipientUnnamedError({
      what: `The address of a recipient by ${protocol} is an Output, which cannot name its subscription.`,
      fix: 'Give the recipient a name, such as { name: "on-call", ... }, and keep the name as long as the address.',
    });
  }
  // E-mail addresses that differ only in case are the same mailbox.
  const told = protocol === "email" ? address.toLowerCase() : address;
  return `${protocol}-${createHash("sha256").update(told).digest("hex").slice(0, 12)}`;
}
