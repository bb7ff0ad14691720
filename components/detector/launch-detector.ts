import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as lambda from "@pulumi/aws/lambda";
import * as sqs from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../../trust/text/fixable-error";
import { deadLetterPolicy } from "../aws/iam";
import { FAILURE_QUEUE } from "../aws/queue";
import { type Child, prepareChildren, type Sensitive, withoutChildren } from "../children";
import { ComponentError } from "../program-error";
import { typeToken } from "../type-token";
import { launchPattern, PATTERN_LIMIT } from "./launch-pattern";

export interface LaunchDetectorChildren {
  readonly rule?: Child<cloudwatch.EventRuleArgs>;
  /** The queue for events that EventBridge could not deliver. */
  readonly deadLetters?: Child<sqs.QueueArgs>;
  readonly deadLettersPolicy?: Child<sqs.QueuePolicyArgs>;
  /** Lets the rule call the function. */
  readonly permission?: Child<lambda.PermissionArgs>;
  readonly target?: Child<cloudwatch.EventTargetArgs>;
}

export const LAUNCH_DETECTOR_SENSITIVE: Sensitive<LaunchDetectorChildren> = {
  rule: ["eventPattern", "eventBusName", "state", "isEnabled"],
  deadLetters: [],
  deadLettersPolicy: ["policy"],
  permission: ["action", "function", "principal", "sourceArn"],
  target: ["rule", "arn", "input", "inputPath", "inputTransformer", "retryPolicy", "deadLetterConfig"],
};

/**
 * Replaces a resource whose last change failed (`initErrorSpecialKey` of pulumi/pulumi, pkg/resource/deploy/step_generator.go).
 * The provider records the failed change as if it had been made, so the next update would find nothing to do: a cluster would
 * not be watched. No function of the provider tells what pattern a rule has. The new one is made before the old one is removed;
 * until then both match, and the ledger lets each verdict happen once.
 */
const REPLACED_AFTER_FAILURE = { replaceOnChanges: ["#initerror"] };

export interface LaunchDetectorArgs {
  /** ARN of the function that judges launches. */
  functionArn: pulumi.Input<string>;
  /** Name of that function. */
  functionName: pulumi.Input<string>;
  /** ARNs of the clusters to watch. Default: every cluster of the account and region. */
  clusters?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** Changes to single resources of this component: docs/components.md. */
  children?: LaunchDetectorChildren | undefined;
}

/** Sends each launch of an ECS task to the function. Events that EventBridge cannot deliver go to a queue. */
export class LaunchDetector extends pulumi.ComponentResource {
  readonly ruleArn: pulumi.Output<string>;
  readonly ruleName: pulumi.Output<string>;
  /** Name of the queue with events that never reached the function. */
  readonly deadLetterQueueName: pulumi.Output<string>;

  constructor(name: string, args: LaunchDetectorArgs, opts?: pulumi.ComponentResourceOptions) {
    super(typeToken("LaunchDetector"), name, withoutChildren(args), opts);
    const child = prepareChildren(this, args.children, LAUNCH_DETECTOR_SENSITIVE);
    const [ruleArgs, ruleOptions] = child(
      "rule",
      {
        description: "Starts and ends of ECS tasks, for the verification of their images",
        eventPattern: pulumi.output(args.clusters).apply(patternWithinLimit),
      },
      REPLACED_AFTER_FAILURE,
    );
    const rule = new cloudwatch.EventRule(`${name}-rule`, ruleArgs, {
      // Two rules cannot have one name.
      ...(ruleArgs.name === undefined ? {} : { deleteBeforeReplace: true }),
      ...ruleOptions,
    });
    const queue = new sqs.Queue(`${name}-dead-letters`, ...child("deadLetters", FAILURE_QUEUE));
    const queuePolicy = new sqs.QueuePolicy(
      `${name}-dead-letters-policy`,
      ...child("deadLettersPolicy", {
        queueUrl: queue.url,
        policy: pulumi
          .all([queue.arn, rule.arn])
          .apply(([queueArn, ruleArn]) => JSON.stringify(deadLetterPolicy(queueArn, [ruleArn]))),
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
    const [targetArgs, targetOptions] = child(
      "target",
      {
        rule: rule.name,
        arn: args.functionArn,
        // EventBridge's maximum, which is also its default: written out so that it is visible.
        retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
        deadLetterConfig: { arn: queue.arn },
      },
      // Without the permission a launch during the deployment would be refused, and without the queue policy it would
      // be lost: EventBridge retries neither.
      { dependsOn: [permission, queuePolicy], ...REPLACED_AFTER_FAILURE },
    );
    new cloudwatch.EventTarget(`${name}-target`, targetArgs, {
      // A target is put and removed by its id: the removal of the old one would remove the new one.
      ...(targetArgs.targetId === undefined ? {} : { deleteBeforeReplace: true }),
      ...targetOptions,
    });
    this.ruleArn = rule.arn;
    this.ruleName = rule.name;
    this.deadLetterQueueName = queue.name;
    this.registerOutputs({ ruleArn: this.ruleArn, deadLetterQueueName: this.deadLetterQueueName });
  }
}

/** The list of clusters makes a longer event pattern than EventBridge accepts. */
export class PatternTooLongError extends ComponentError {
  override readonly name = "PatternTooLongError";

  get fault(): Fault {
    return "input";
  }
}

function patternWithinLimit(clusters: readonly string[] | undefined): string {
  const pattern = launchPattern(clusters);
  if (pattern.length <= PATTERN_LIMIT) return pattern;
  throw new PatternTooLongError({
    where: "LaunchDetector",
    what: `${clusters?.length} clusters make an event pattern of ${pattern.length} characters; EventBridge allows ${PATTERN_LIMIT}.`,
    fix: "Leave clusters out to watch every cluster, or list fewer.",
  });
}
