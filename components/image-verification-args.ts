import type * as pulumi from "@pulumi/pulumi";
import type { TrustDocumentArgs } from "../trust/document";
import type { BehaviourArgs } from "../verifier/src/behaviour";
import type { AlarmsChildren } from "./alarms";
import type { CanaryChildren, CanarySettings } from "./canary/canary";
import type { ChangeAlarmsArgs, ChangeAlarmsChildren } from "./changes/change-alarms";
import type { DashboardChildren } from "./dashboard/dashboard";
import type { DeploymentCheckChildren } from "./detector/deployment-check";
import type { LaunchDetectorChildren } from "./detector/launch-detector";
import type { VerifierFunctionArgs, VerifierFunctionChildren } from "./detector/verifier-function";
import type { FunctionCallChildren } from "./function-call";
import type { DeploymentGateArgs, DeploymentGateChildren } from "./gate/deployment-gate-args";
import type { BaseVerification } from "./image/trusted-base";
import type { VerifierImageArgs, VerifierImageChildren } from "./image/verifier-image";
import type { NotificationsArgs, NotificationsChildren } from "./notifications/notifications";
import type { OrderWatchChildren } from "./orders/order-watch";
import type { OrdersArgs, OrdersChildren } from "./orders/orders";
import type { SampleWorkloadChildren } from "./sample/sample-workload";
import type { SigningProfileArgs, SigningProfileChildren } from "./signing-profile";
import type { SweepChildren } from "./sweep/sweep-args";
import type { SweepSettings } from "./sweep/sweep-contradictions";
import type { VerdictLedgerChildren } from "./verdict-ledger";

/** A program's changes to the resources of each part. */
export interface ImageVerificationChildren {
  readonly signingProfile?: SigningProfileChildren;
  readonly image?: VerifierImageChildren;
  readonly ledger?: VerdictLedgerChildren;
  readonly orders?: OrdersChildren;
  readonly notifications?: NotificationsChildren;
  readonly verifier?: VerifierFunctionChildren;
  readonly check?: DeploymentCheckChildren;
  readonly detector?: LaunchDetectorChildren;
  readonly watch?: OrderWatchChildren;
  /** The schedule that sends findings which could not be sent before. */
  readonly findings?: FunctionCallChildren;
  readonly alarms?: AlarmsChildren;
  readonly gate?: DeploymentGateChildren;
  readonly sweep?: SweepChildren;
  readonly sample?: SampleWorkloadChildren;
  readonly canary?: CanaryChildren;
  readonly changes?: ChangeAlarmsChildren;
  readonly dashboard?: DashboardChildren;
}

/** The deployment gate, as an environment has it. */
export interface GateArgs
  extends Pick<DeploymentGateArgs, "mode" | "attach" | "services" | "enforce" | "ownerTag" | "reservedConcurrency"> {
  /**
   * Who may open the gate by an order of the moment, and for how long; `false`: nobody. Default: 8 hours, for everyone whom
   * IAM allows.
   */
  readonly open?:
    | false
    | {
        /** The maximum, in hours. Default: 8. */
        readonly maxHours?: number | undefined;
        /** ARNs of IAM roles. Default: everyone whom IAM allows to use the key. */
        readonly principals?: OrdersArgs["mayOpen"];
      };
  /**
   * A gate in `audit` lets deployments start tasks that a detector in `enforce` then stops. `true` says that this is
   * intended. Default: false, which refuses the combination.
   */
  readonly acceptTasksStopped?: boolean | undefined;
}

export interface ImageVerificationArgs {
  /** The trust document. In it `self` is this account's registry, or the signing profile of this component. */
  trust: TrustDocumentArgs;
  /** How the verifier behaves. Default: an environment in `audit`, with the stack's name. */
  behaviour?: Partial<BehaviourArgs> | undefined;
  /** ARNs of the clusters to watch. Default: every cluster of the account and region. */
  clusters?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** The profile that this environment signs with. Default: a new one. */
  signingProfile?: Omit<SigningProfileArgs, "protect" | "children">;
  /** How the verifier is built and run. */
  verifier?: Pick<VerifierImageArgs, "architecture" | "baseImages" | "baseImage" | "source"> &
    Pick<
      VerifierFunctionArgs,
      "memoryMiB" | "timeoutSeconds" | "reservedConcurrency" | "logRetentionDays" | "logKmsKeyArn"
    > & {
      /**
       * An image that was built elsewhere, from the same settings: `registry/repository@digest`, in ECR and in this region.
       * Default: the image is built in the deployment, with Docker.
       */
      imageUri?: string | undefined;
      /**
       * Whom `baseImage` must be signed by: a trust document without `self` and without exemptions. The base image is verified on
       * this machine before any resource is made, in previews too, and anything but `trusted` stops. Default: its digest is enough.
       */
      baseImageTrust?: TrustDocumentArgs | undefined;
      /** How the base image is verified. Default: by HTTPS, with AWS Signer and its root certificate. */
      baseVerification?: BaseVerification | undefined;
    };
  /** Name of the event bus for the `Image Verdict` events. Default: `default`. */
  eventBus?: pulumi.Input<string>;
  /** URL of the runbook that messages and alarms link to, without an anchor. Default: the path docs/runbook.md. */
  runbookUrl?: string | undefined;
  /** Who is notified of what. Default: nobody. */
  notifications?: Pick<NotificationsArgs, "email" | "https" | "slack" | "pagerDuty">;
  /** Who may give orders of the moment. Default: everyone whom IAM allows. `behaviour.exemptionHours: 0` allows blocks only. */
  orders?: Pick<OrdersArgs, "mayBlock" | "mayExempt">;
  /** The deployment gate. Default: none. `{}` is a gate in audit that no service has yet. */
  gate?: GateArgs | undefined;
  /** Judges what runs again, on a schedule. Default: none. `{}` is a sweep every six hours that only tells what it finds. */
  sweep?: SweepSettings | undefined;
  /** Whether to make findings in Security Hub of what runs and is denied or finally inconclusive. Default: false. */
  findings?: boolean | undefined;
  /** Whether to make a sample to run. Default: false. */
  sampleWorkload?: boolean;
  /** A canary, which starts the sample's unsigned task on a schedule; needs `sampleWorkload`. Default: none. */
  canary?: CanarySettings | undefined;
  /**
   * Alarms on changes of the environment by anyone but the role that deploys it, and on signing jobs of other roles than
   * `signingRoles`. Needs a trail of CloudTrail with management events. Default: none.
   */
  changeAlarms?: Pick<ChangeAlarmsArgs, "deploymentRole" | "signingRoles"> | undefined;
  /** Whether to make a dashboard in CloudWatch, and saved queries for the logs. Default: true. */
  dashboard?: boolean;
  /** Keeps Pulumi from removing the signing profile, the ledger, and the orders with their key. Default: false. */
  protect?: boolean;
  /** Lets `pulumi destroy` remove repositories with their images. Default: false. */
  forceDelete?: boolean;
  /**
   * Changes to single resources, by the part that makes them and their name in it. docs/components.md lists the names.
   *
   * ```ts
   * new ImageVerification("image-verification", {
   *   ...args,
   *   children: {
   *     verifier: {
   *       function: { args: { tracingConfig: { mode: "Active" } } },
   *       log: { options: { retainOnDelete: true } },
   *     },
   *     alarms: { errors: { args: { threshold: 1 } } },
   *   },
   * });
   * ```
   */
  children?: ImageVerificationChildren;
  /** Environment variables that locate the container engine and the tools that sign the sample. Default: this process's. */
  machine?: NodeJS.ProcessEnv;
}
