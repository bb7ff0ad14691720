import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as iam from "@pulumi/aws/iam";
import * as lambda from "@pulumi/aws/lambda";
import * as sqs from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import type { ResolvedTrustDocument } from "../../trust/expand";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { actingPolicy, assumeRolePolicy, readingPolicy } from "../aws/iam";
import { rolePolicyText } from "../aws/policy-size";
import { FAILURE_QUEUE, postponedQueue } from "../aws/queue";
import { type Child, type MakeChild, prepareChildren, type Sensitive, withoutChildren } from "../children";
import type { Architecture } from "../image/verifier-build";
import { typeToken } from "../type-token";
import { nameOfRunning, wantedFunction } from "./running-function";

export interface VerifierFunctionChildren {
  readonly log?: Child<cloudwatch.LogGroupArgs>;
  /** The queue for the events that failed at every attempt. */
  readonly failures?: Child<sqs.QueueArgs>;
  /** The queue for the stops that wait. */
  readonly postponed?: Child<sqs.QueueArgs>;
  readonly role?: Child<iam.RoleArgs>;
  /** What the function reads. */
  readonly reading?: Child<iam.PolicyArgs>;
  readonly readingAttachment?: Child<iam.RolePolicyAttachmentArgs>;
  /** What it does with a verdict. */
  readonly acting?: Child<iam.PolicyArgs>;
  readonly actingAttachment?: Child<iam.RolePolicyAttachmentArgs>;
  readonly function?: Child<lambda.FunctionArgs>;
  /** How often Lambda tries again, and where what failed goes. */
  readonly retries?: Child<lambda.FunctionEventInvokeConfigArgs>;
  /** Hands the stops that wait back to the function. */
  readonly postponedStops?: Child<lambda.EventSourceMappingArgs>;
}

export const VERIFIER_FUNCTION_SENSITIVE: Sensitive<VerifierFunctionChildren> = {
  log: [],
  failures: [],
  postponed: ["redrivePolicy", "visibilityTimeoutSeconds"],
  role: ["assumeRolePolicy", "managedPolicyArns", "inlinePolicies"],
  reading: ["policy"],
  readingAttachment: ["role", "policyArn"],
  acting: ["policy"],
  actingAttachment: ["role", "policyArn"],
  function: ["imageUri", "imageConfig", "packageType", "role", "environment"],
  retries: ["functionName", "maximumRetryAttempts", "maximumEventAgeInSeconds", "destinationConfig"],
  postponedStops: ["eventSourceArn", "functionName", "enabled", "batchSize", "functionResponseTypes"],
};

export interface VerifierFunctionArgs {
  /** The verifier's image, by digest. */
  imageUri: pulumi.Input<string>;
  /** What the image was built for. */
  architecture: Architecture;
  /** Whom the environment trusts: decides what the function may read and ask. */
  trust: pulumi.Input<ResolvedTrustDocument>;
  /** `enforce` lets the function stop tasks and deployments. */
  mode: "audit" | "enforce";
  /** ARNs of the clusters whose tasks it may stop. Default: every cluster of the account and region. */
  clusters?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  ledger: { readonly tableName: pulumi.Input<string>; readonly tableArn: pulumi.Input<string> };
  /** ARN of the bus for the `Image Verdict` events. */
  eventBusArn: pulumi.Input<string>;
  /** ARN of the topic for messages to people. */
  topicArn: pulumi.Input<string>;
  /** In MiB. Default: 512. */
  memoryMiB?: pulumi.Input<number>;
  /** In seconds. Default: 120. */
  timeoutSeconds?: pulumi.Input<number>;
  /** The most invocations at a time, which are also kept for this function. Default: no limit but the account's. */
  reservedConcurrency?: pulumi.Input<number> | undefined;
  /** How long the log is kept, in days. Default: 90. */
  logRetentionDays?: pulumi.Input<number>;
  /** ARN of the KMS key for the log; its policy must let CloudWatch Logs use it. Default: the service's own. */
  logKmsKeyArn?: pulumi.Input<string> | undefined;
  /** Changes to single resources that it makes: docs/components.md. */
  children?: VerifierFunctionChildren | undefined;
}

/** The Lambda function that judges launches, with its role, its log, and queues for the events that it failed at and for stops that wait. */
export class VerifierFunction extends pulumi.ComponentResource {
  readonly functionArn: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;
  readonly roleArn: pulumi.Output<string>;
  /** The policies of the role, each as JSON on a line. */
  readonly permissions: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;
  /** Name of the queue with the events that failed at every attempt. */
  readonly failureQueueName: pulumi.Output<string>;

  constructor(name: string, args: VerifierFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    super(typeToken("VerifierFunction"), name, withoutChildren(args), opts);
    const child = prepareChildren(this, args.children, VERIFIER_FUNCTION_SENSITIVE);
    const logGroup = new cloudwatch.LogGroup(
      `${name}-log`,
      ...child("log", {
        retentionInDays: args.logRetentionDays ?? 90,
        ...withoutUndefined({ kmsKeyId: args.logKmsKeyArn }),
      }),
    );
    const failures = new sqs.Queue(`${name}-failures`, ...child("failures", FAILURE_QUEUE));
    const postponed = new sqs.Queue(
      `${name}-postponed`,
      ...child("postponed", postponedQueue({ failureQueueArn: failures.arn, functionTimeout: chooseTimeout(args) })),
    );
    const role = new iam.Role(
      `${name}-role`,
      ...child("role", { assumeRolePolicy: JSON.stringify(assumeRolePolicy("lambda.amazonaws.com")) }),
    );
    const permissions = pulumi.output({
      trust: args.trust,
      mode: args.mode,
      clusters: args.clusters,
      ledgerArn: args.ledger.tableArn,
      eventBusArn: args.eventBusArn,
      topicArn: args.topicArn,
      failureQueueArn: failures.arn,
      postponedQueueArn: postponed.arn,
      logGroupArn: logGroup.arn,
    });
    const reading = attachPolicy(name, "reading", child, role, {
      description: "What the verifier of container images reads",
      policy: pulumi.output(args.trust).apply((trust) => rolePolicyText(readingPolicy({ trust }))),
    });
    const acting = attachPolicy(name, "acting", child, role, {
      description: "What the verifier of container images does with a verdict",
      policy: permissions.apply((known) => rolePolicyText(actingPolicy(known))),
    });
    const permitted = { dependsOn: [reading.attachment, acting.attachment] };
    const [functionArgs, functionOptions] = child(
      "function",
      toFunctionArgs(args, { role, logGroup, postponed }),
      permitted,
    );
    const verifier = new lambda.Function(`${name}-function`, functionArgs, functionOptions);
    new lambda.FunctionEventInvokeConfig(
      `${name}-retries`,
      ...child("retries", toRetryArgs(verifier, failures), permitted),
    );
    new lambda.EventSourceMapping(
      `${name}-postponed-stops`,
      ...child("postponedStops", toPostponedStopArgs(verifier, postponed), permitted),
    );
    this.functionArn = verifier.arn;
    this.functionName = nameOfRunning(verifier, wantedFunction(functionArgs), this);
    this.roleArn = role.arn;
    this.permissions = pulumi.concat(reading.text, "\n", acting.text);
    this.logGroupName = logGroup.name;
    this.failureQueueName = failures.name;
    this.registerOutputs({
      functionArn: this.functionArn,
      functionName: this.functionName,
      roleArn: this.roleArn,
      logGroupName: this.logGroupName,
      failureQueueName: this.failureQueueName,
    });
  }
}

/**
 * Gives the role a policy of its own that is never changed, only replaced: the new one is attached before whatever depends on
 * the attachment is updated, and the old one is taken away at the end of the update (Pulumi deletes what it has replaced
 * last). So an earlier image of the function keeps what it may do until the new one runs, also where the update fails in
 * between.
 */
function attachPolicy(
  name: string,
  kind: "reading" | "acting",
  child: MakeChild<VerifierFunctionChildren>,
  role: iam.Role,
  args: Required<Pick<iam.PolicyArgs, "description" | "policy">>,
) {
  const policy = new iam.Policy(`${name}-${kind}`, ...child(kind, args, { replaceOnChanges: ["policy"] }));
  const attachment = new iam.RolePolicyAttachment(
    `${name}-${kind}-attachment`,
    ...child(
      `${kind}Attachment`,
      { role: role.name, policyArn: policy.arn },
      // The provider would delete the old one first: another policy of the same name is the same attachment to AWS
      // (pulumi-aws, provider/resources.go). The names that Pulumi makes up differ.
      { deleteBeforeReplace: false },
    ),
  );
  return { text: policy.policy, attachment };
}

function chooseTimeout({ timeoutSeconds = 120 }: VerifierFunctionArgs): pulumi.Input<number> {
  return timeoutSeconds;
}

function toFunctionArgs(
  args: VerifierFunctionArgs,
  { role, logGroup, postponed }: { role: iam.Role; logGroup: cloudwatch.LogGroup; postponed: sqs.Queue },
): lambda.FunctionArgs {
  return {
    description: "Judges the images of the tasks that Amazon ECS launches",
    packageType: "Image",
    imageUri: args.imageUri,
    architectures: [args.architecture],
    role: role.arn,
    memorySize: args.memoryMiB ?? 512,
    timeout: chooseTimeout(args),
    ...withoutUndefined({ reservedConcurrentExecutions: args.reservedConcurrency }),
    environment: {
      variables: {
        LEDGER_TABLE: args.ledger.tableName,
        EVENT_BUS: args.eventBusArn,
        NOTIFICATION_TOPIC: args.topicArn,
        POSTPONED_QUEUE_URL: postponed.url,
      },
    },
    // The function writes JSON itself, metrics among it, which Lambda's own JSON format would wrap.
    loggingConfig: { logFormat: "Text", logGroup: logGroup.name },
  };
}

function toRetryArgs(verifier: lambda.Function, failures: sqs.Queue): lambda.FunctionEventInvokeConfigArgs {
  return {
    functionName: verifier.name,
    // The patience of verifier/src/detector/decide.ts counts on two.
    maximumRetryAttempts: 2,
    // The maximum: a launch judged late is better than one never judged.
    maximumEventAgeInSeconds: 21_600,
    destinationConfig: { onFailure: { destination: failures.arn } },
  };
}

function toPostponedStopArgs(verifier: lambda.Function, postponed: sqs.Queue): lambda.EventSourceMappingArgs {
  return {
    eventSourceArn: postponed.arn,
    functionName: verifier.arn,
    // One that goes on waiting must not keep others, and is named in the answer instead of thrown.
    batchSize: 1,
    functionResponseTypes: ["ReportBatchItemFailures"],
    // The least that Lambda takes: launches come first.
    scalingConfig: { maximumConcurrency: 2 },
  };
}
