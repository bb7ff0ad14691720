import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as iam from "@pulumi/aws/iam";
import * as lambda from "@pulumi/aws/lambda";
import * as sqs from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import type { ResolvedTrustDocument } from "../../trust/expand";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { actingPolicy, assumeRolePolicy, readingPolicy } from "../aws/iam";
import { imageFunctionArgs } from "../aws/image-function";
import { type LogArgs, logArgs } from "../aws/log-group";
import { rolePolicyText } from "../aws/policy-size";
import { FAILURE_QUEUE, postponedQueue } from "../aws/queue";
import { attachPolicy, type RolePolicyChildren } from "../aws/role-policy";
import { type CanaryTask, canaryVariables } from "../canary/canary-task";
import type { WatchedNames } from "../changes/watched-names";
import { type Child, prepareChildren, type Sensitive, withoutChildren } from "../children";
import type { Architecture } from "../image/verifier-build";
import { pick } from "../pick";
import { typeToken } from "../type-token";
import { nameOfRunning, wantedFunction } from "./running-function";

export interface VerifierFunctionChildren extends RolePolicyChildren {
  readonly log?: Child<cloudwatch.LogGroupArgs>;
  /** The queue for events that failed at every attempt. */
  readonly failures?: Child<sqs.QueueArgs>;
  /** The queue for stops that wait for the budget. */
  readonly postponed?: Child<sqs.QueueArgs>;
  readonly role?: Child<iam.RoleArgs>;
  readonly function?: Child<lambda.FunctionArgs>;
  /** How often Lambda retries, and where failed events go. */
  readonly retries?: Child<lambda.FunctionEventInvokeConfigArgs>;
  /** Invokes the function with the stops that wait. */
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

export interface VerifierFunctionArgs extends LogArgs {
  /** The verifier's image, by digest. */
  imageUri: pulumi.Input<string>;
  /** The architecture that the image was built for. */
  architecture: Architecture;
  /** The environment's trust document: decides which registries and secrets the function may read. */
  trust: pulumi.Input<ResolvedTrustDocument>;
  /** `enforce` lets the function stop tasks and deployments. */
  mode: "audit" | "enforce";
  /** ARNs of the clusters whose tasks it may stop. Default: every cluster of the account and region. */
  clusters?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** The canary's task, whose denial is told to nobody. Default: there is none. */
  canary?: CanaryTask | undefined;
  /** Name of the environment, which orders of the moment must be for. */
  environment: string;
  /** The orders of the moment: their table, and the key that proves them. */
  orders: {
    readonly tableName: pulumi.Input<string>;
    readonly tableArn: pulumi.Input<string>;
    readonly keyArn: pulumi.Input<string>;
  };
  ledger: { readonly tableName: pulumi.Input<string>; readonly tableArn: pulumi.Input<string> };
  /** ARN of the bus for the `Image Verdict` events. */
  eventBusArn: pulumi.Input<string>;
  /** ARN of the topic for messages to people. */
  topicArn: pulumi.Input<string>;
  /** In MiB. Default: 512. */
  memoryMiB?: pulumi.Input<number> | undefined;
  /** In seconds. Default: 120. */
  timeoutSeconds?: pulumi.Input<number> | undefined;
  /** Lambda's reserved concurrency: the most invocations at a time. Default: none, so only the account's limit applies. */
  reservedConcurrency?: pulumi.Input<number> | undefined;
  /** URL of the runbook that messages link to. Default: its path in this repository. */
  runbookUrl?: string | undefined;
  /** Whether it makes findings in Security Hub. Default: false. */
  findings?: boolean | undefined;
  /** Changes to single resources of this component: docs/components.md. */
  children?: VerifierFunctionChildren | undefined;
}

/** The Lambda function that judges launches, with its role, its log, and its queues for failed events and for waiting stops. */
export class VerifierFunction extends pulumi.ComponentResource {
  readonly functionArn: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;
  readonly roleArn: pulumi.Output<string>;
  /** The policies of the role, as JSON, one a line. */
  readonly permissions: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;
  /** Name of the queue with events that failed at every attempt. */
  readonly failureQueueName: pulumi.Output<string>;
  /** Name of the queue with stops that wait for the budget. */
  readonly postponedQueueName: pulumi.Output<string>;
  /** What nobody but the deployment should change. */
  readonly watched: Omit<WatchedNames, "rules">;

  constructor(name: string, args: VerifierFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    super(typeToken("VerifierFunction"), name, withoutChildren(args), opts);
    const child = prepareChildren(this, args.children, VERIFIER_FUNCTION_SENSITIVE);
    const logGroup = new cloudwatch.LogGroup(`${name}-log`, ...child("log", logArgs(args)));
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
      environment: args.environment,
      ordersTableArn: args.orders.tableArn,
      ordersKeyArn: args.orders.keyArn,
      findings: args.findings,
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
    const postponedStops = new lambda.EventSourceMapping(
      `${name}-postponed-stops`,
      ...child("postponedStops", toPostponedStopArgs(verifier, postponed), permitted),
    );
    this.functionArn = verifier.arn;
    this.functionName = nameOfRunning(verifier, wantedFunction(functionArgs), this);
    this.roleArn = role.arn;
    this.permissions = pulumi.concat(reading.text, "\n", acting.text);
    this.logGroupName = logGroup.name;
    this.failureQueueName = failures.name;
    this.postponedQueueName = postponed.name;
    this.watched = {
      functions: [verifier.name],
      mappings: [postponedStops.uuid],
      roles: [role.name],
      policies: [reading.attachment.policyArn, acting.attachment.policyArn],
      queues: [failures.name, postponed.name],
    };
    this.registerOutputs({
      functionArn: this.functionArn,
      functionName: this.functionName,
      roleArn: this.roleArn,
      logGroupName: this.logGroupName,
      failureQueueName: this.failureQueueName,
    });
  }
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
    ...imageFunctionArgs({
      ...pick(args, ["imageUri", "architecture"]),
      roleArn: role.arn,
      memoryMiB: args.memoryMiB ?? 512,
      timeoutSeconds: chooseTimeout(args),
      variables: {
        LEDGER_TABLE: args.ledger.tableName,
        EVENT_BUS: args.eventBusArn,
        NOTIFICATION_TOPIC: args.topicArn,
        POSTPONED_QUEUE_URL: postponed.url,
        ORDERS_TABLE: args.orders.tableName,
        ORDERS_KEY_ARN: args.orders.keyArn,
        ...withoutUndefined({
          RUNBOOK_URL: args.runbookUrl,
          FINDINGS: args.findings ? "true" : undefined,
        }),
        ...canaryVariables(args.canary),
      },
      logGroupName: logGroup.name,
    }),
    ...withoutUndefined({ reservedConcurrentExecutions: args.reservedConcurrency }),
  };
}

function toRetryArgs(verifier: lambda.Function, failures: sqs.Queue): lambda.FunctionEventInvokeConfigArgs {
  return {
    functionName: verifier.name,
    // `giveUpAfterSeconds` (verifier/src/detector/decide.ts) relies on two retries.
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
    // One message a batch, so that a stop that keeps waiting does not hold up others. The function reports it as a failed
    // item instead of throwing.
    batchSize: 1,
    functionResponseTypes: ["ReportBatchItemFailures"],
    // Lambda's minimum: launches come first.
    scalingConfig: { maximumConcurrency: 2 },
  };
}
