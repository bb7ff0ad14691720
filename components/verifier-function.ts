import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as iam from "@pulumi/aws/iam";
import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import type { ResolvedTrustDocument } from "../trust/expand";
import { attachPolicy } from "./attached-policy";
import { actingPolicy, assumeRolePolicy, readingPolicy } from "./iam";
import { rolePolicyText } from "./policy-size";
import { failureQueue, postponedQueue } from "./queue";
import { nameOfRunning } from "./running-function";
import { typeToken } from "./type-token";
import type { Architecture } from "./verifier-build";

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
    super(typeToken("VerifierFunction"), name, { ...args }, opts);
    const parent = { parent: this };
    const logGroup = new cloudwatch.LogGroup(
      `${name}-log`,
      {
        retentionInDays: args.logRetentionDays ?? 90,
        ...(args.logKmsKeyArn === undefined ? {} : { kmsKeyId: args.logKmsKeyArn }),
      },
      parent,
    );
    const timeout = args.timeoutSeconds ?? 120;
    const failures = failureQueue(`${name}-failures`, parent);
    const postponed = postponedQueue(
      `${name}-postponed`,
      { failureQueueArn: failures.arn, functionTimeout: timeout },
      parent,
    );
    const role = new iam.Role(
      `${name}-role`,
      { assumeRolePolicy: JSON.stringify(assumeRolePolicy("lambda.amazonaws.com")) },
      parent,
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
    const reading = attachPolicy(
      `${name}-reading`,
      {
        role,
        description: "What the verifier of container images reads",
        policy: pulumi.output(args.trust).apply((trust) => rolePolicyText(readingPolicy({ trust }))),
      },
      this,
    );
    const acting = attachPolicy(
      `${name}-acting`,
      {
        role,
        description: "What the verifier of container images does with a verdict",
        policy: permissions.apply((known) => rolePolicyText(actingPolicy(known))),
      },
      this,
    );
    const permitted = { parent: this, dependsOn: [reading.attachment, acting.attachment] };
    const memorySize = args.memoryMiB ?? 512;
    const variables = {
      LEDGER_TABLE: args.ledger.tableName,
      EVENT_BUS: args.eventBusArn,
      NOTIFICATION_TOPIC: args.topicArn,
      POSTPONED_QUEUE_URL: postponed.url,
    };
    const verifier = new lambda.Function(
      `${name}-function`,
      {
        description: "Judges the images of the tasks that Amazon ECS launches",
        packageType: "Image",
        imageUri: args.imageUri,
        architectures: [args.architecture],
        role: role.arn,
        memorySize,
        timeout,
        ...(args.reservedConcurrency === undefined ? {} : { reservedConcurrentExecutions: args.reservedConcurrency }),
        environment: { variables },
        // The function writes JSON itself, metrics among it, which Lambda's own JSON format would wrap.
        loggingConfig: { logFormat: "Text", logGroup: logGroup.name },
      },
      permitted,
    );
    new lambda.FunctionEventInvokeConfig(
      `${name}-retries`,
      {
        functionName: verifier.name,
        // The patience of verifier/src/detector/decide.ts counts on two.
        maximumRetryAttempts: 2,
        // The maximum: a launch judged late is better than one never judged.
        maximumEventAgeInSeconds: 21_600,
        destinationConfig: { onFailure: { destination: failures.arn } },
      },
      permitted,
    );
    new lambda.EventSourceMapping(
      `${name}-postponed-stops`,
      {
        eventSourceArn: postponed.arn,
        functionName: verifier.arn,
        // One that goes on waiting must not keep others, and is named in the answer instead of thrown.
        batchSize: 1,
        functionResponseTypes: ["ReportBatchItemFailures"],
        // The least that Lambda takes: launches come first.
        scalingConfig: { maximumConcurrency: 2 },
      },
      permitted,
    );
    this.functionArn = verifier.arn;
    this.functionName = nameOfRunning(
      verifier,
      pulumi.output({
        imageUri: args.imageUri,
        memorySize,
        timeout,
        reservedConcurrentExecutions: args.reservedConcurrency,
        variables,
      }),
      this,
    );
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
