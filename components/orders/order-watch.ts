import * as pulumi from "@pulumi/pulumi";
import { ORDER_CHECK_REQUEST } from "../../verifier/src/detector/order-check";
import { prepareChildren, type Sensitive, withoutChildren } from "../children";
import { callFunction, type FunctionCallChildren } from "../function-call";
import { typeToken } from "../type-token";

export type OrderWatchChildren = FunctionCallChildren;

export const ORDER_WATCH_SENSITIVE: Sensitive<OrderWatchChildren> = {
  rule: ["scheduleExpression", "state", "isEnabled"],
  permission: ["action", "function", "principal", "sourceArn"],
  target: ["rule", "arn", "input"],
};

export interface OrderWatchArgs {
  /** ARN of the function that judges launches. */
  functionArn: pulumi.Input<string>;
  /** Its name. */
  functionName: pulumi.Input<string>;
  /** Changes to single resources that it makes: docs/components.md. */
  children?: OrderWatchChildren | undefined;
}

/**
 * Calls the function every five minutes, so that it reports the end of break-glass exemptions even if nothing is launched. A
 * schedule is the simplest way that also notices exemptions that somebody ended early; a timer for each order would need a
 * permission to make timers. A lost call needs no queue: the next call finds the same, and the ledger makes sure that each end
 * is reported once. The exemption itself ends by the clock of the program that judges, whether or not this is called.
 */
export class OrderWatch extends pulumi.ComponentResource {
  readonly ruleName: pulumi.Output<string>;

  constructor(name: string, args: OrderWatchArgs, opts?: pulumi.ComponentResourceOptions) {
    super(typeToken("OrderWatch"), name, withoutChildren(args), opts);
    const child = prepareChildren(this, args.children, ORDER_WATCH_SENSITIVE);
    this.ruleName = callFunction(name, child, {
      when: { scheduleExpression: "rate(5 minutes)" },
      description: "Looks whether break-glass exemptions have ended, for the verification of images",
      functionName: args.functionName,
      targetArn: args.functionArn,
      input: JSON.stringify(ORDER_CHECK_REQUEST),
    });
    this.registerOutputs({ ruleName: this.ruleName });
  }
}
