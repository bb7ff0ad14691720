import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as iam from "@pulumi/aws/iam";
import type * as scheduler from "@pulumi/aws/scheduler";
import type * as sqs from "@pulumi/aws/sqs";
import type * as pulumi from "@pulumi/pulumi";
import type { LogArgs } from "../aws/log-group";
import type { Child, Sensitive } from "../children";
import type { DeploymentCheckChildren } from "../detector/deployment-check";
import type { VerifierFunctionArgs } from "../detector/verifier-function";
import type { SweepAlarmsChildren } from "./sweep-alarms";
import type { SweepSettings } from "./sweep-contradictions";
import type { SweepCoordinatorChildren } from "./sweep-coordinator";
import type { SweepWorkerChildren } from "./sweep-worker";

/** Changes to the resources that the component makes directly. */
export interface SweepResources {
  /** The log of both functions. */
  readonly log?: Child<cloudwatch.LogGroupArgs>;
  /** The queue from the coordinator to the worker. */
  readonly queue?: Child<sqs.QueueArgs>;
  /** The queue for what failed at every attempt. */
  readonly deadLetters?: Child<sqs.QueueArgs>;
  /** The role with which EventBridge Scheduler begins sweeps. */
  readonly scheduleRole?: Child<iam.RoleArgs>;
  readonly schedulePolicy?: Child<iam.RolePolicyArgs>;
  readonly schedule?: Child<scheduler.ScheduleArgs>;
}

export interface SweepChildren extends SweepResources {
  readonly coordinator?: SweepCoordinatorChildren;
  readonly worker?: SweepWorkerChildren;
  readonly check?: DeploymentCheckChildren;
  readonly alarms?: SweepAlarmsChildren;
}

export const SWEEP_SENSITIVE: Sensitive<SweepResources> = {
  log: [],
  queue: ["redrivePolicy", "visibilityTimeoutSeconds"],
  deadLetters: [],
  scheduleRole: ["assumeRolePolicy", "managedPolicyArns", "inlinePolicies"],
  schedulePolicy: ["role", "policy"],
  schedule: ["scheduleExpression", "state", "startDate", "endDate", "target"],
};

export interface SweepArgs
  extends SweepSettings,
    LogArgs,
    Pick<
      VerifierFunctionArgs,
      | "imageUri"
      | "architecture"
      | "trust"
      | "environment"
      | "clusters"
      | "orders"
      | "ledger"
      | "eventBusArn"
      | "topicArn"
      | "memoryMiB"
      | "timeoutSeconds"
      | "runbookUrl"
      | "findings"
      | "canary"
    > {
  /** Hash of the settings in the image. */
  settingsHash: pulumi.Input<string>;
  /** Changes to single resources of this component: docs/components.md. */
  children?: SweepChildren | undefined;
}
