import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as ecs from "@pulumi/aws/ecs";
import * as iam from "@pulumi/aws/iam";
import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { findPartition } from "../../trust/partition";
import { runbookOfCanaryAlarm } from "../../verifier/src/reporting/runbook";
import { fixedName } from "../aws/aws-names";
import { canaryPolicy } from "../aws/canary-policy";
import { assumeRolePolicy } from "../aws/iam";
import { imageFunctionArgs } from "../aws/image-function";
import { type LogArgs, logArgs } from "../aws/log-group";
import type { Place } from "../aws/place";
import type { WatchedNames } from "../changes/watched-names";
import { type Child, type MakeChild, prepareChildren, type Sensitive, withoutChildren } from "../children";
import { nameOfRunning, wantedFunction } from "../detector/running-function";
import { callFunction, type FunctionCallChildren } from "../function-call";
import type { Architecture } from "../image/verifier-build";
import { DEFAULT_INTERVAL_HOURS, hourlyRate } from "../interval";
import { makeAlarms, SILENCING } from "../made-alarms";
import { pick } from "../pick";
import { typeToken } from "../type-token";
import { canaryAlarmRules } from "./canary-alarm-rules";

export interface CanaryChildren extends FunctionCallChildren {
  readonly cluster?: Child<ecs.ClusterArgs>;
  readonly log?: Child<cloudwatch.LogGroupArgs>;
  readonly role?: Child<iam.RoleArgs>;
  readonly policy?: Child<iam.RolePolicyArgs>;
  readonly function?: Child<lambda.FunctionArgs>;
  /** The run at each deployment of the function. */
  readonly firstRun?: Child<lambda.InvocationArgs>;
  readonly missed?: Child<cloudwatch.MetricAlarmArgs>;
  readonly silent?: Child<cloudwatch.MetricAlarmArgs>;
}

export const CANARY_SENSITIVE: Sensitive<CanaryChildren> = {
  cluster: ["name"],
  log: [],
  role: ["assumeRolePolicy", "managedPolicyArns", "inlinePolicies"],
  policy: ["role", "policy"],
  function: ["imageUri", "imageConfig", "packageType", "role", "environment"],
  rule: ["scheduleExpression", "state", "isEnabled"],
  permission: ["action", "function", "principal", "sourceArn"],
  target: ["rule", "arn", "input"],
  firstRun: ["functionName", "qualifier"],
  missed: SILENCING,
  silent: [...SILENCING, "treatMissingData"],
};

/** What a program says of a canary. */
export interface CanarySettings {
  /** Ids of subnets for its task, which need no way to the internet: the task is denied before its image is pulled. */
  subnets: readonly string[];
  /** How often it runs, in hours, 1 to 24. Default: 6. */
  everyHours?: number | undefined;
}

export interface CanaryArgs extends CanarySettings, LogArgs {
  /** Name of the environment: part of the name of the cluster. */
  environment: string;
  /** The verifier's image, by digest. */
  imageUri: pulumi.Input<string>;
  /** The architecture that the image was built for. */
  architecture: Architecture;
  /** ARN of the sample's unsigned task definition. */
  taskDefinitionArn: pulumi.Input<string>;
  /** ARN of its execution role. */
  executionRoleArn: pulumi.Input<string>;
  ledger: { readonly tableName: pulumi.Input<string>; readonly tableArn: pulumi.Input<string> };
  /** ARN of the topic that alarms are published to. */
  topicArn: pulumi.Input<string>;
  /** URL of the runbook that alarms link to. Default: its path in this repository. */
  runbookUrl?: string | undefined;
  /** Changes to single resources of this component: docs/components.md. */
  children?: CanaryChildren | undefined;
}

/**
 * Starts the sample's unsigned task in a cluster of its own, on a schedule, and rings if the verifier does not deny it within a
 * minute. It sees the whole path that a launch takes: ECS's event, the rule, the function, the registry, the ledger.
 */
export class Canary extends pulumi.ComponentResource {
  readonly functionName: pulumi.Output<string>;
  readonly alarmArns: pulumi.Output<string[]>;
  /** What nobody but the deployment should change. */
  readonly watched: Pick<WatchedNames, "functions" | "rules" | "roles">;
  private readonly makeFirstRun: (after: readonly pulumi.Resource[]) => void;

  constructor(name: string, args: CanaryArgs, opts?: pulumi.ComponentResourceOptions) {
    super(typeToken("Canary"), name, withoutChildren(args), opts);
    const child = prepareChildren(this, args.children, CANARY_SENSITIVE);
    const { everyHours = DEFAULT_INTERVAL_HOURS } = args;
    const cluster = new ecs.Cluster(
      `${name}-cluster`,
      ...child("cluster", { name: canaryClusterName(args.environment) }),
    );
    const { canary, role, policy, wanted } = makeFunction(name, child, args, cluster);
    const rule = callFunction(name, child, {
      when: { scheduleExpression: hourlyRate(everyHours) },
      description: "Starts an unsigned task, which the verification of images must deny",
      functionName: canary.name,
      targetArn: canary.arn,
      input: JSON.stringify(CANARY_REQUEST),
    });
    this.functionName = nameOfRunning(canary, wanted, this);
    const alarms = makeAlarms(name, child, canaryAlarmRules({ environment: args.environment, everyHours }), {
      topicArn: args.topicArn,
      runbookOf: (alarm) => runbookOfCanaryAlarm(alarm, args.runbookUrl),
    });
    this.alarmArns = pulumi.all(alarms.map(({ arn }) => arn));
    this.watched = { functions: [canary.name], rules: [rule], roles: [role.name] };
    this.makeFirstRun = (after) =>
      void new lambda.Invocation(
        `${name}-first-run`,
        ...child(
          "firstRun",
          {
            functionName: this.functionName,
            input: JSON.stringify(CANARY_REQUEST),
            triggers: { image: args.imageUri, task: args.taskDefinitionArn, subnets: args.subnets.join(",") },
          },
          { dependsOn: [...after, ...alarms, policy] },
        ),
      );
    this.registerOutputs({ functionName: this.functionName, alarmArns: this.alarmArns });
  }

  /**
   * Has the canary run at each deployment of its function, which shows whether its task can be started. A run that fails, fails the
   * update: so it comes after everything else, which is then made.
   *
   * @param others What must be there before: all that a denial needs, and all that must not be kept from being made.
   */
  runAfter(others: readonly pulumi.Resource[]): void {
    this.makeFirstRun(others);
  }
}

const CANARY_REQUEST = { check: "canary" } as const;

function makeFunction(name: string, child: MakeChild<CanaryChildren>, args: CanaryArgs, cluster: ecs.Cluster) {
  const logGroup = new cloudwatch.LogGroup(`${name}-log`, ...child("log", logArgs(args)));
  const role = new iam.Role(
    `${name}-role`,
    ...child("role", { assumeRolePolicy: JSON.stringify(assumeRolePolicy("lambda.amazonaws.com")) }),
  );
  const policy = new iam.RolePolicy(
    `${name}-policy`,
    ...child("policy", {
      role: role.name,
      policy: pulumi
        .output({
          clusterArn: cluster.arn,
          taskDefinitionArn: args.taskDefinitionArn,
          executionRoleArn: args.executionRoleArn,
          ledgerArn: args.ledger.tableArn,
          logGroupArn: logGroup.arn,
        })
        .apply((known) => JSON.stringify(canaryPolicy(known))),
    }),
  );
  const [functionArgs, options] = child(
    "function",
    {
      description: "Starts an unsigned task, and looks whether the verification of images denies it",
      ...imageFunctionArgs({
        ...pick(args, ["imageUri", "architecture"]),
        handler: "canary.handler",
        roleArn: role.arn,
        memoryMiB: 256,
        // The minute for the denial, and what comes before and after it (verifier/src/canary/run-canary.ts).
        timeoutSeconds: 150,
        variables: {
          ENVIRONMENT: args.environment,
          LEDGER_TABLE: args.ledger.tableName,
          CANARY_CLUSTER: cluster.arn,
          CANARY_TASK_DEFINITION: args.taskDefinitionArn,
          CANARY_SUBNETS: args.subnets.join(","),
        },
        logGroupName: logGroup.name,
      }),
    },
    { dependsOn: [policy] },
  );
  const canary = new lambda.Function(`${name}-function`, functionArgs, options);
  return { canary, role, policy, wanted: wantedFunction(functionArgs) };
}

/** Fixed, so that the verifier and the detector's rule can know the cluster before it is made. */
function canaryClusterName(environment: string): string {
  return fixedName("ecs-image-verification-canary", environment);
}

/** ARN of the canary's cluster in an account and region. */
export function canaryClusterArn(environment: string, { account, region }: Place): pulumi.Output<string> {
  return pulumi
    .all([account, region])
    .apply(
      ([owner, known]) => `arn:${findPartition(known)}:ecs:${known}:${owner}:cluster/${canaryClusterName(environment)}`,
    );
}
