import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { assumeRolePolicy, invokeDestinationPolicy } from "../aws/iam";
import { type Child, prepareChildren, type Sensitive, withoutChildren } from "../children";
import { typeToken } from "../type-token";
import type { InputTransformer } from "./chat-messages";

export interface ChatDestinationChildren {
  readonly connection?: Child<cloudwatch.EventConnectionArgs>;
  readonly destination?: Child<cloudwatch.EventApiDestinationArgs>;
  /** The role that EventBridge assumes. */
  readonly role?: Child<iam.RoleArgs>;
  readonly policy?: Child<iam.RolePolicyArgs>;
  readonly rule?: Child<cloudwatch.EventRuleArgs>;
  readonly target?: Child<cloudwatch.EventTargetArgs>;
}

export const CHAT_DESTINATION_SENSITIVE: Sensitive<ChatDestinationChildren> = {
  connection: ["authorizationType", "authParameters"],
  destination: ["connectionArn", "httpMethod", "invocationEndpoint"],
  role: ["assumeRolePolicy", "managedPolicyArns", "inlinePolicies"],
  policy: ["role", "policy"],
  rule: ["eventPattern", "eventBusName", "state", "isEnabled"],
  target: ["rule", "eventBusName", "arn", "roleArn", "input", "inputPath", "inputTransformer", "deadLetterConfig"],
};

export interface ChatDestinationArgs {
  /** AWS account that EventBridge acts for: 12 digits. */
  account: pulumi.Input<string>;
  /** Name of the bus with the `Image Verdict` events. */
  eventBusName: pulumi.Input<string>;
  /** Which events are sent. */
  eventPattern: string;
  /** How an event becomes the body of a request. */
  message: InputTransformer;
  /** URL of the requests, which are POSTs. Make it a secret if it grants access. */
  endpoint: pulumi.Input<string>;
  /** Fields that EventBridge adds to the body of each request, such as a key. It keeps them in Secrets Manager. */
  secretFields?: Readonly<Record<string, pulumi.Input<string>>>;
  /** ARN of the queue for events that could not be sent. */
  deadLetterQueueArn: pulumi.Input<string>;
  /** Changes to single resources of this component: docs/components.md. */
  children?: ChatDestinationChildren | undefined;
}

/** Sends verdicts to a web address through an EventBridge API destination, without any code of this project. */
export class ChatDestination extends pulumi.ComponentResource {
  readonly ruleArn: pulumi.Output<string>;

  constructor(name: string, args: ChatDestinationArgs, opts?: pulumi.ComponentResourceOptions) {
    super(typeToken("ChatDestination"), name, withoutChildren(args), opts);
    const child = prepareChildren(this, args.children, CHAT_DESTINATION_SENSITIVE);
    const bodies = Object.entries(args.secretFields ?? {}).map(([key, value]) => ({
      key,
      value: pulumi.secret(value),
      isValueSecret: true,
    }));
    const connection = new cloudwatch.EventConnection(
      `${name}-connection`,
      ...child("connection", {
        // A connection must have an authorization. The real key is in the URL or the body, so this header only names the
        // sender.
        authorizationType: "API_KEY",
        authParameters: {
          apiKey: { key: "X-Sent-By", value: "ecs-image-verification" },
          ...(bodies.length === 0 ? {} : { invocationHttpParameters: { bodies } }),
        },
      }),
    );
    const destination = new cloudwatch.EventApiDestination(
      `${name}-destination`,
      ...child("destination", {
        connectionArn: connection.arn,
        httpMethod: "POST",
        invocationEndpoint: args.endpoint,
        // Slack's limit for a webhook (Slack API, "Rate limits"). PagerDuty needs no more.
        invocationRateLimitPerSecond: 1,
      }),
    );
    const role = new iam.Role(
      `${name}-role`,
      ...child("role", {
        assumeRolePolicy: pulumi
          .output(args.account)
          .apply((account) => JSON.stringify(assumeRolePolicy("events.amazonaws.com", account))),
      }),
    );
    const policy = new iam.RolePolicy(
      `${name}-policy`,
      ...child("policy", {
        role: role.name,
        policy: destination.arn.apply((arn) => JSON.stringify(invokeDestinationPolicy(arn))),
      }),
    );
    const rule = new cloudwatch.EventRule(
      `${name}-rule`,
      ...child("rule", { eventBusName: args.eventBusName, eventPattern: args.eventPattern }),
    );
    new cloudwatch.EventTarget(
      `${name}-target`,
      ...child(
        "target",
        {
          rule: rule.name,
          eventBusName: args.eventBusName,
          arn: destination.arn,
          roleArn: role.arn,
          inputTransformer: args.message,
          // A chat message that is hours old helps nobody: after an hour the event goes to the queue.
          retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 185 },
          deadLetterConfig: { arn: args.deadLetterQueueArn },
        },
        { dependsOn: [policy] },
      ),
    );
    this.ruleArn = rule.arn;
    this.registerOutputs({ ruleArn: this.ruleArn });
  }
}
