import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as iam from "@pulumi/aws/iam";
import * as scheduler from "@pulumi/aws/scheduler";
import * as sqs from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { productArn } from "../../verifier/src/findings/finding-body";
import { SCHEDULED_TIME, sweepRequest } from "../../verifier/src/sweep/request";
import { assumeRolePolicy } from "../aws/iam";
import { logArgs } from "../aws/log-group";
import { findAccount } from "../aws/place";
import { FAILURE_QUEUE, sweepQueue } from "../aws/queue";
import { sweepSchedulePolicy } from "../aws/sweep-policies";
import { allNames, type WatchedNames } from "../changes/watched-names";
import { prepareChildren, withoutChildren } from "../children";
import { DeploymentCheck } from "../detector/deployment-check";
import { DEFAULT_INTERVAL_HOURS, hourlyRate } from "../interval";
import { typeToken } from "../type-token";
import { SweepAlarms } from "./sweep-alarms";
import { SWEEP_SENSITIVE, type SweepArgs, type SweepResources } from "./sweep-args";
import { SweepCoordinator } from "./sweep-coordinator";
import { sweepVariables } from "./sweep-variables";
import { SweepWorker } from "./sweep-worker";

/**
 * The sweep: on a schedule everything that runs is judged again, so that it is noticed what was never judged, and what was trusted at its
 * launch and has been revoked or has expired since. A coordinator lists what runs and groups it by image; a worker judges each image
 * once. The coordinator's name is fixed, so that an account and region has one sweep for each name of an environment.
 */
export class Sweep extends pulumi.ComponentResource {
  /** Name of the coordinator's function. */
  readonly functionName: pulumi.Output<string>;
  readonly workerFunctionName: pulumi.Output<string>;
  /** Name of the log group of both functions. */
  readonly logGroupName: pulumi.Output<string>;
  /** Name of the queue with the images that wait for the worker. */
  readonly queueName: pulumi.Output<string>;
  /** Name of the queue with what failed at every attempt. */
  readonly deadLetterQueueName: pulumi.Output<string>;
  readonly alarmArns: pulumi.Output<string[]>;
  /** What nobody but the deployment should change. */
  readonly watched: WatchedNames;

  constructor(name: string, args: SweepArgs, opts?: pulumi.ComponentResourceOptions) {
    const { mode = "audit", everyHours = DEFAULT_INTERVAL_HOURS } = args;
    super(typeToken("Sweep"), name, { ...withoutChildren(args), mode, everyHours }, opts);
    const { children = {}, environment, ledger, orders, topicArn, eventBusArn, timeoutSeconds = 120 } = args;
    const parent = { parent: this };
    const child = prepareChildren<SweepResources>(this, children, SWEEP_SENSITIVE);
    const logGroup = new cloudwatch.LogGroup(`${name}-log`, ...child("log", logArgs(args)));
    const deadLetters = new sqs.Queue(`${name}-dead-letters`, ...child("deadLetters", FAILURE_QUEUE));
    const queue = new sqs.Queue(
      `${name}-queue`,
      ...child("queue", sweepQueue({ deadLetterQueueArn: deadLetters.arn, functionTimeout: timeoutSeconds })),
    );
    const shared = {
      imageUri: args.imageUri,
      architecture: args.architecture,
      environment,
      ...withoutUndefined({ clusters: args.clusters }),
      variables: pulumi
        .output({
          mode,
          clusters: args.clusters,
          queueUrl: queue.url,
          ledgerTable: ledger.tableName,
          eventBusArn,
          topicArn,
          ordersTable: orders.tableName,
          ordersKeyArn: orders.keyArn,
          runbookUrl: args.runbookUrl,
          findings: args.findings,
          canary: args.canary,
        })
        .apply(sweepVariables),
      ...(args.findings
        ? { findingsProductArn: pulumi.output(args.trust).apply((trust) => productArn({ trust })) }
        : {}),
      queueArn: queue.arn,
      ledgerTableArn: ledger.tableArn,
      topicArn,
      logGroup: { name: logGroup.name, arn: logGroup.arn },
    };
    const coordinator = new SweepCoordinator(
      `${name}-coordinator`,
      { ...shared, deadLetterQueueArn: deadLetters.arn, children: children.coordinator },
      parent,
    );
    const worker = new SweepWorker(
      `${name}-worker`,
      {
        ...shared,
        mode,
        trust: args.trust,
        ordersTableArn: orders.tableArn,
        ordersKeyArn: orders.keyArn,
        eventBusArn,
        ...withoutUndefined({ memoryMiB: args.memoryMiB }),
        timeoutSeconds,
        children: children.worker,
      },
      parent,
    );
    const check = new DeploymentCheck(
      `${name}-check`,
      {
        functionName: worker.functionName,
        imageUri: args.imageUri,
        settingsHash: args.settingsHash,
        permissions: worker.permissions,
        children: children.check,
      },
      parent,
    );
    const role = new iam.Role(
      `${name}-schedule-role`,
      ...child("scheduleRole", {
        assumeRolePolicy: findAccount(this).apply((account) =>
          JSON.stringify(assumeRolePolicy("scheduler.amazonaws.com", account)),
        ),
      }),
    );
    const policy = new iam.RolePolicy(
      `${name}-schedule-policy`,
      ...child("schedulePolicy", {
        role: role.name,
        policy: pulumi
          .all([coordinator.functionArn, deadLetters.arn])
          .apply(([functionArn, queueArn]) => JSON.stringify(sweepSchedulePolicy(functionArn, queueArn))),
      }),
    );
    const schedule = new scheduler.Schedule(
      `${name}-schedule`,
      ...child(
        "schedule",
        {
          description: "Has everything that runs on Amazon ECS judged again",
          scheduleExpression: hourlyRate(everyHours),
          flexibleTimeWindow: { mode: "OFF" },
          target: {
            arn: coordinator.functionArn,
            roleArn: role.arn,
            input: JSON.stringify(sweepRequest(SCHEDULED_TIME)),
            // After an hour, which is the shortest time between two sweeps, the next one does the same.
            retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 185 },
            deadLetterConfig: { arn: deadLetters.arn },
          },
        },
        // A sweep that begins finds everything in place, and a worker that runs these settings.
        { dependsOn: [policy, worker, check] },
      ),
    );
    const alarms = new SweepAlarms(
      `${name}-alarms`,
      {
        environment,
        everyHours,
        functionName: coordinator.functionName,
        workerFunctionName: worker.functionName,
        deadLetterQueueName: deadLetters.name,
        topicArn,
        ...withoutUndefined({ runbookUrl: args.runbookUrl }),
        children: children.alarms,
      },
      parent,
    );
    this.alarmArns = alarms.arns;
    // A call names a schedule as one names a rule.
    this.watched = allNames([
      coordinator.watched,
      worker.watched,
      { roles: [role.name], rules: [schedule.name], queues: [queue.name, deadLetters.name] },
    ]);
    this.functionName = coordinator.functionName;
    this.workerFunctionName = worker.functionName;
    this.logGroupName = logGroup.name;
    this.queueName = queue.name;
    this.deadLetterQueueName = deadLetters.name;
    this.registerOutputs({
      functionName: this.functionName,
      workerFunctionName: this.workerFunctionName,
      logGroupName: this.logGroupName,
      queueName: this.queueName,
      deadLetterQueueName: this.deadLetterQueueName,
    });
  }
}
