import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { withoutUndefined } from "../trust/text/without-undefined";
import { type Child, type MakeChild, prepareChildren, type Sensitive, withoutChildren } from "./children";
import { typeToken } from "./type-token";

export interface FunctionCallChildren {
  readonly rule?: Child<cloudwatch.EventRuleArgs>;
  /** Lets the rule call the function. */
  readonly permission?: Child<lambda.PermissionArgs>;
  readonly target?: Child<cloudwatch.EventTargetArgs>;
}

export const FUNCTION_CALL_SENSITIVE: Sensitive<FunctionCallChildren> = {
  rule: ["scheduleExpression", "eventPattern", "state", "isEnabled"],
  permission: ["action", "function", "qualifier", "principal", "sourceArn"],
  target: ["rule", "arn", "input", "inputPath", "inputTransformer"],
};

export interface FunctionCallArgs {
  /** When the function is called: on a schedule, or after events. */
  when: { readonly scheduleExpression: string } | { readonly eventPattern: string };
  /** What the call is for, in a few words. */
  description: string;
  functionName: pulumi.Input<string>;
  /** Name of the alias that is called. Default: none. */
  qualifier?: pulumi.Input<string> | undefined;
  /** ARN of what is called: the function, or its alias. */
  targetArn: pulumi.Input<string>;
  /** What the function gets, as JSON. Default: the event. */
  input?: string;
  /** Changes to single resources of this component: docs/components.md. */
  children?: FunctionCallChildren | undefined;
}

/**
 * Calls a function by a rule of EventBridge. A lost call needs no queue: the next one does the same.
 */
export class FunctionCall extends pulumi.ComponentResource {
  readonly ruleName: pulumi.Output<string>;

  constructor(name: string, args: FunctionCallArgs, opts?: pulumi.ComponentResourceOptions) {
    super(typeToken("FunctionCall"), name, withoutChildren(args), opts);
    const child = prepareChildren(this, args.children, FUNCTION_CALL_SENSITIVE);
    this.ruleName = callFunction(name, child, args);
    this.registerOutputs({ ruleName: this.ruleName });
  }
}

/** Makes the rule, its permission and its target, for a component that has them as children; gives the name of the rule. */
export function callFunction(
  name: string,
  child: MakeChild<FunctionCallChildren>,
  { when, description, functionName, qualifier, targetArn, input }: Omit<FunctionCallArgs, "children">,
): pulumi.Output<string> {
  const rule = new cloudwatch.EventRule(`${name}-rule`, ...child("rule", { description, ...when }));
  const permission = new lambda.Permission(
    `${name}-permission`,
    ...child("permission", {
      action: "lambda:InvokeFunction",
      function: functionName,
      ...withoutUndefined({ qualifier }),
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    }),
  );
  new cloudwatch.EventTarget(
    `${name}-target`,
    ...child(
      "target",
      { rule: rule.name, arn: targetArn, ...withoutUndefined({ input }) },
      { dependsOn: [permission] },
    ),
  );
  return rule.name;
}
