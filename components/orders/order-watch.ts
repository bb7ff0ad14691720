import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { ORDER_CHECK_REQUEST } from "../../verifier/src/detector/order-check";
import { type Child, prepareChildren, type Sensitive, withoutChildren } from "../children";
import { typeToken } from "../type-token";

export interface OrderWatchChildren {
  readonly rule?: Child<cloudwatch.EventRuleArgs>;
  /** Lets the rule call the function. */
  readonly permission?: Child<lambda.PermissionArgs>;
  readonly target?: Child<cloudwatch.EventTargetArgs>;
}

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
  constructor(name: string, args: OrderWatchArgs, opts?: pulumi.ComponentResourceOptions) {
    super(typeToken("OrderWatch"), name, withoutChildren(args), opts);
    const child = prepareChildren(this, args.children, ORDER_WATCH_SENSITIVE);
    const rule = new cloudwatch.EventRule(
      `${name}-rule`,
      ...child("rule", {
        description: "Looks whether break-glass exemptions have ended, for the verification of images",
        scheduleExpression: "rate(5 minutes)",
      }),
    );
    const permission = new lambda.Permission(
      `${name}-permission`,
      ...child("permission", {
        action: "lambda:InvokeFunction",
        function: args.functionName,
        principal: "events.amazonaws.com",
        sourceArn: rule.arn,
      }),
    );
    new cloudwatch.EventTarget(
      `${name}-target`,
      ...child(
        "target",
        { rule: rule.name, arn: args.functionArn, input: JSON.stringify(ORDER_CHECK_REQUEST) },
        { dependsOn: [permission] },
      ),
    );
    this.registerOutputs({});
  }
}
