import * as iam from "@pulumi/aws/iam";
import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { HEARTBEAT_REQUEST } from "../../verifier/src/gate/heartbeat";
import type { GateMode } from "../../verifier/src/gate/hook";
import { KEEPER_REQUEST, REMOVAL_REQUEST } from "../../verifier/src/gate/keeper/fixed-requests";
import { invokerPolicy } from "../aws/gate-policies";
import { assumeRolePolicy } from "../aws/iam";
import { findRegion } from "../aws/place";
import { allNames, type WatchedNames } from "../changes/watched-names";
import { prepareChildren, withoutChildren } from "../children";
import { DeploymentCheck } from "../detector/deployment-check";
import { FunctionCall } from "../function-call";
import { typeToken } from "../type-token";
import {
  DEPLOYMENT_GATE_SENSITIVE,
  type DeploymentGateArgs,
  type DeploymentGateResources,
} from "./deployment-gate-args";
import { HEARTBEAT_MINUTES } from "./gate-alarm-rules";
import { GateAlarms } from "./gate-alarms";
import { GateFunction } from "./gate-function";
import { GateKeeper } from "./gate-keeper";
import { LIVE, roleNames } from "./gate-names";
import { gateVariables, keeperVariables, listEnforced } from "./variables";

/** How many invocations are reserved for the gate's function, unless told otherwise. */
const RESERVED = 10;

/** The end of an ECS deployment, after which the keeper looks at the service (ECS developer guide, "Service deployment state change events"). */
const DEPLOYMENT_COMPLETED = {
  source: ["aws.ecs"],
  "detail-type": ["ECS Deployment State Change"],
  detail: { eventName: ["SERVICE_DEPLOYMENT_COMPLETED"] },
};

/**
 * A call of UpdateService, after which the keeper looks whether the service still has the hook. CloudTrail must have a trail with
 * management events, or there are none of these (EventBridge user guide, "AWS service events delivered via AWS CloudTrail").
 * What a pattern can see of a list in a call is its elements, so that it could not see one that was emptied.
 */
const SERVICE_CHANGED = {
  source: ["aws.ecs"],
  "detail-type": ["AWS API Call via CloudTrail"],
  detail: { eventSource: ["ecs.amazonaws.com"], eventName: ["UpdateService"], errorCode: [{ exists: false }] },
};

/**
 * The deployment gate: ECS asks it before a deployment starts tasks, and rolls the deployment back where it refuses. Services
 * get it by `gateService` and `gateAllServices` of this folder, by the command `gate attach`, or by its keeper. Names are
 * fixed, so that an account and region has one gate for each name of an environment.
 *
 * A gate that is removed while services have its hook makes all their deployments fail. So the last thing made, and the first
 * to be removed, is a guard: its removal fails, and keeps everything else, as long as the keeper finds such a service.
 */
export class DeploymentGate extends pulumi.ComponentResource {
  /** ARN of the alias that hooks invoke. Known once ECS can invoke it. */
  readonly targetArn: pulumi.Output<string>;
  /** ARN of the role with which ECS invokes it. */
  readonly invokerRoleArn: pulumi.Output<string>;
  readonly mode: pulumi.Output<GateMode>;
  readonly functionName: pulumi.Output<string>;
  readonly functionArn: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;
  readonly keeperFunctionName: pulumi.Output<string>;
  readonly alarmArns: pulumi.Output<string[]>;
  /** What nobody but the deployment should change. */
  readonly watched: WatchedNames;

  constructor(name: string, args: DeploymentGateArgs, opts?: pulumi.ComponentResourceOptions) {
    const { mode = "audit", attach = "none", reservedConcurrency = RESERVED } = args;
    super(typeToken("DeploymentGate"), name, { ...withoutChildren(args), mode, attach }, opts);
    const { children = {}, environment, protect, ledger, orders, topicArn } = args;
    const parent = { parent: this };
    const child = prepareChildren<DeploymentGateResources>(this, children, DEPLOYMENT_GATE_SENSITIVE);
    const kept = withoutUndefined({ protect });
    const facts = {
      mode,
      enforced: pulumi.output(args.enforce).apply(listEnforced),
      clusters: args.clusters,
      ledgerTable: ledger.tableName,
      ordersTable: orders.tableName,
      ordersKeyArn: orders.keyArn,
      openHours: args.openHours,
      runbookUrl: args.runbookUrl,
      topicArn,
    };
    const runtime = withoutUndefined({
      imageUri: args.imageUri,
      architecture: args.architecture,
      logRetentionDays: args.logRetentionDays,
      logKmsKeyArn: args.logKmsKeyArn,
    });

    const gate = new GateFunction(
      `${name}-function`,
      {
        ...runtime,
        ...withoutUndefined({ memoryMiB: args.memoryMiB, timeoutSeconds: args.timeoutSeconds, protect }),
        environment,
        trust: args.trust,
        variables: pulumi
          .output({
            ...facts,
            eventBusArn: args.eventBusArn,
            onInconclusive: args.onInconclusive,
            ownerTag: args.ownerTag,
          })
          .apply(gateVariables),
        readsTags: args.ownerTag !== undefined,
        reservedConcurrency: reservedConcurrency === "none" ? undefined : reservedConcurrency,
        ledgerTableArn: ledger.tableArn,
        ordersTableArn: orders.tableArn,
        ordersKeyArn: orders.keyArn,
        eventBusArn: args.eventBusArn,
        topicArn,
        children: children.function,
      },
      parent,
    );
    const check = new DeploymentCheck(
      `${name}-check`,
      {
        functionName: gate.functionName,
        qualifier: gate.version,
        imageUri: args.imageUri,
        settingsHash: args.settingsHash,
        permissions: gate.permissions,
        children: children.check,
      },
      parent,
    );
    const alias = new lambda.Alias(
      `${name}-alias`,
      ...child(
        "alias",
        {
          name: LIVE,
          description: "What Amazon ECS invokes for the deployment gate of container images",
          functionName: gate.functionName,
          functionVersion: gate.version,
        },
        { dependsOn: [check], ...kept },
      ),
    );
    new lambda.FunctionEventInvokeConfig(
      `${name}-retries`,
      ...child("retries", {
        functionName: gate.functionName,
        qualifier: alias.name,
        // Of the heartbeat: the next one comes anyway, and late ones would hide that some were missed.
        maximumRetryAttempts: 0,
        maximumEventAgeInSeconds: 60,
      }),
    );
    const invoker = new iam.Role(
      `${name}-invoker`,
      ...child(
        "invoker",
        {
          name: findRegion(this).apply((region) => roleNames(environment, region).invoker),
          assumeRolePolicy: JSON.stringify(assumeRolePolicy("ecs.amazonaws.com")),
        },
        kept,
      ),
    );
    const permission = new iam.RolePolicy(
      `${name}-invoker-policy`,
      ...child(
        "invokerPolicy",
        { role: invoker.name, policy: gate.functionArn.apply((arn) => JSON.stringify(invokerPolicy(arn))) },
        kept,
      ),
    );
    const heartbeat = new FunctionCall(
      `${name}-heartbeat`,
      {
        when: { scheduleExpression: `rate(${HEARTBEAT_MINUTES} minutes)` },
        description: "Keeps the deployment gate of container images ready, and shows that it is",
        functionName: gate.functionName,
        qualifier: alias.name,
        targetArn: alias.arn,
        input: JSON.stringify(HEARTBEAT_REQUEST),
        children: children.heartbeat,
      },
      parent,
    );
    const keeper = new GateKeeper(
      `${name}-keeper`,
      {
        ...runtime,
        environment,
        attach,
        services: args.services ?? [],
        ...withoutUndefined({ clusters: args.clusters }),
        variables: pulumi
          .output({
            ...facts,
            environment,
            attach,
            services: args.services ?? [],
            targetArn: alias.arn,
            invokerRoleArn: invoker.arn,
          })
          .apply(keeperVariables),
        gateArn: gate.functionArn,
        invokerRoleArn: invoker.arn,
        ledgerTableArn: ledger.tableArn,
        ordersTableArn: orders.tableArn,
        ordersKeyArn: orders.keyArn,
        topicArn,
        children: children.keeper,
      },
      parent,
    );
    const called = { functionName: keeper.functionName, targetArn: keeper.functionArn };
    const schedule = new FunctionCall(
      `${name}-schedule`,
      {
        when: { scheduleExpression: "rate(15 minutes)" },
        description: "Looks which Amazon ECS services have the deployment gate of container images",
        ...called,
        input: JSON.stringify(KEEPER_REQUEST),
        children: children.schedule,
      },
      parent,
    );
    const changes = new FunctionCall(
      `${name}-changes`,
      {
        when: { eventPattern: JSON.stringify(SERVICE_CHANGED) },
        description: "Changes of Amazon ECS services: one may take the deployment gate of container images away",
        ...called,
        children: children.changes,
      },
      parent,
    );
    const deployments =
      attach === "all"
        ? [
            new FunctionCall(
              `${name}-deployments`,
              {
                when: { eventPattern: JSON.stringify(DEPLOYMENT_COMPLETED) },
                description: "Ends of Amazon ECS deployments, for the deployment gate of container images",
                ...called,
                children: children.deployments,
              },
              parent,
            ),
          ]
        : [];
    const alarms = new GateAlarms(
      `${name}-alarms`,
      {
        environment,
        functionName: gate.functionName,
        keeperFunctionName: keeper.functionName,
        topicArn,
        ...withoutUndefined({ runbookUrl: args.runbookUrl }),
        children: children.alarms,
      },
      // The check is a heartbeat, too: without one the alarm on missing ones would begin with an alarm.
      { ...parent, dependsOn: [check] },
    );
    const guard = new lambda.Invocation(
      `${name}-guard`,
      ...child(
        "guard",
        {
          functionName: keeper.functionName,
          input: JSON.stringify(REMOVAL_REQUEST),
          // Invokes the keeper with the action "delete" as well (`resourceInvocationDelete` of terraform-provider-aws).
          lifecycleScope: "CRUD",
          // With another target the guard is replaced, so that the old target's guard is removed before the old target.
          triggers: { target: alias.arn, invoker: invoker.arn },
        },
        // All of it: what a refused removal keeps must be awake, watched and kept.
        { dependsOn: [permission, heartbeat, keeper, schedule, changes, ...deployments, alarms] },
      ),
    );
    // Services that depend on these are made after the guard, and removed before it.
    this.targetArn = pulumi.all([alias.arn, guard.id]).apply(([arn]) => arn);
    this.invokerRoleArn = pulumi.all([invoker.arn, guard.id]).apply(([arn]) => arn);
    this.mode = pulumi.output(mode);
    this.functionName = gate.functionName;
    this.functionArn = gate.functionArn;
    this.logGroupName = gate.logGroupName;
    this.keeperFunctionName = keeper.functionName;
    this.alarmArns = alarms.arns;
    this.watched = allNames([
      gate.watched,
      keeper.watched,
      { roles: [invoker.name], rules: [heartbeat, schedule, changes, ...deployments].map(({ ruleName }) => ruleName) },
    ]);
    this.registerOutputs({
      targetArn: this.targetArn,
      invokerRoleArn: this.invokerRoleArn,
      mode: this.mode,
      functionName: this.functionName,
      functionArn: this.functionArn,
      logGroupName: this.logGroupName,
      keeperFunctionName: this.keeperFunctionName,
    });
  }
}
