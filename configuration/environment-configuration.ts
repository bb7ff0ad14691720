import type { TrustDocumentArgs } from "../trust/document";
import type { BehaviourArgs } from "../verifier/src/behaviour";
import type { AttachSetting, GateMode } from "../verifier/src/gate/hook";
import type { SweepMode } from "../verifier/src/sweep/mode";

type Optional<Value> = Value | undefined;
type Notified = "denied" | "inconclusive";

/** The values under `ecs-image-verification:` in a stack's file. docs/configuration.md explains each key and its default. */
export interface EnvironmentConfiguration
  extends Pick<BehaviourArgs, "mode">,
    Partial<Omit<BehaviourArgs, "mode" | "environment" | "exemptionHours">> {
  /** Name in records, metrics and messages. Default: the stack's name. */
  readonly environment?: Optional<string>;
  /** Whom the environment trusts. */
  readonly trust: TrustDocumentArgs;
  /** ARNs of the clusters to watch. Default: every cluster. */
  readonly clusters?: Optional<readonly string[]>;
  /** Whether images may be exempted for hours by an order. Default: for up to 8 hours, by everyone whom IAM allows. */
  readonly breakGlass?: Optional<false | ExemptionLimits>;
  /** ARNs of the IAM roles that may block images by an order. Default: everyone whom IAM allows. */
  readonly blocks?: Optional<{ readonly principals?: Optional<readonly string[]> }>;
  /** The deployment gate. Default: none. */
  readonly gate?: Optional<GateConfiguration>;
  /** Judges what runs again, on a schedule. Default: never. */
  readonly sweep?: Optional<{ readonly everyHours?: Optional<number>; readonly mode?: Optional<SweepMode> }>;
  /** The profile that this environment signs with. Default: a new one. */
  readonly signingProfile?: Optional<SigningProfileConfiguration>;
  readonly verifier?: Optional<VerifierConfiguration>;
  readonly logs?: Optional<{
    /** Days; one of the values that CloudWatch Logs offers. Default: 90. */
    readonly retentionDays?: Optional<LogRetentionDays>;
    /** ARN of a KMS key. Default: AWS's own key. */
    readonly kmsKeyArn?: Optional<string>;
  }>;
  /** Name of the bus that gets the `Image Verdict` events. Default: `default`. */
  readonly eventBus?: Optional<string>;
  /** URL of the runbook that messages link to, without an anchor. Default: the path docs/runbook.md. */
  readonly runbookUrl?: Optional<string>;
  readonly notifications?: Optional<NotificationsConfiguration>;
  /** Address of an incoming webhook of Slack: a secret. */
  readonly slackWebhookUrl?: Optional<string>;
  /** Integration key of PagerDuty's Events API v2: a secret. */
  readonly pagerDutyRoutingKey?: Optional<string>;
  /** Whether to make findings in Security Hub. Default: false. */
  readonly findings?: Optional<boolean>;
  /** Whether to make a signed and an unsigned task to run. Default: false. */
  readonly sampleWorkload?: Optional<boolean>;
  /** Whether to make a dashboard in CloudWatch. Default: true. */
  readonly dashboard?: Optional<boolean>;
  /** Alarms on changes by anyone but the role that deploys. Default: none. */
  readonly changeAlarms?: Optional<{ readonly deploymentRole: string; readonly signingRole?: Optional<string> }>;
  /** Starts the unsigned sample on a schedule; needs `sampleWorkload`. Default: never. */
  readonly canary?: Optional<{ readonly subnets: readonly string[]; readonly everyHours?: Optional<number> }>;
  /** Keeps Pulumi from removing the signing profile, the ledger, the orders with their key and the gate. Default: false. */
  readonly protect?: Optional<boolean>;
  /** Lets `pulumi destroy` remove repositories with their images. Default: false. */
  readonly forceDelete?: Optional<boolean>;
}

/** For how long an order may exempt an image, or open the gate, and who may give it. */
export interface ExemptionLimits {
  /** 1 to 72 hours. Default: 8. */
  readonly maxHours?: Optional<number>;
  /** ARNs of IAM roles. Default: everyone whom IAM allows. */
  readonly principals?: Optional<readonly string[]>;
}

export interface GateConfiguration {
  /** Default: `audit`. */
  readonly mode?: Optional<GateMode>;
  /** Which services the keeper attaches the gate to. Default: `none`. */
  readonly attach?: Optional<AttachSetting>;
  /** ARNs of services, for `listed`. */
  readonly services?: Optional<readonly string[]>;
  /** ARNs of clusters and services that are enforced although `mode` is `audit`. */
  readonly enforce?: Optional<{
    readonly clusters?: Optional<readonly string[]>;
    readonly services?: Optional<readonly string[]>;
  }>;
  /** Accepts a gate in audit beside a detector in enforce. Default: false. */
  readonly acceptTasksStopped?: Optional<boolean>;
  /** Key of the tag of a service that names who owns it. */
  readonly ownerTag?: Optional<string>;
  /** 1 to 1000 invocations. Default: 10. */
  readonly reservedConcurrency?: Optional<number | "none">;
  /** Whether an order may open the gate. Default: for up to 8 hours, by everyone whom IAM allows. */
  readonly open?: Optional<false | ExemptionLimits>;
}

export interface SigningProfileConfiguration {
  /** ARN of a profile to use instead of a new one, without a version. */
  readonly arn?: Optional<string>;
  /** How long signatures are valid: 1 to 135 months. Default: 135. */
  readonly validityMonths?: Optional<number>;
  /** Other accounts that may sign with the profile. */
  readonly signers?: Optional<readonly { readonly account: string; readonly mayRevoke?: Optional<boolean> }[]>;
}

export interface VerifierConfiguration {
  /** Default: `arm64`. */
  readonly architecture?: Optional<"arm64" | "x86_64">;
  /** 256 to 10240 MiB. Default: 512. */
  readonly memoryMiB?: Optional<number>;
  /** 10 to 900 seconds. Default: 120. */
  readonly timeoutSeconds?: Optional<number>;
  /** Invocations reserved for the function. Default: none. */
  readonly reservedConcurrency?: Optional<number>;
  /** Base image with Go. */
  readonly goImage?: Optional<string>;
  /** Base image of AWS Lambda with Node.js. */
  readonly nodeImage?: Optional<string>;
  /** The image, built elsewhere: `REPOSITORY@sha256:...` in ECR in this region. */
  readonly imageUri?: Optional<string>;
  /** The image without configuration, built before: `REPOSITORY@sha256:...`. Default: the image is built from its sources. */
  readonly baseImage?: Optional<string>;
  /** Whom the base image must be signed by: without `self`, `stack:NAME` and exemptions. Default: its digest is enough. */
  readonly baseImageTrust?: Optional<TrustDocumentArgs>;
}

export interface NotificationsConfiguration {
  readonly email?: Optional<readonly (Recipient & { readonly address: string })[]>;
  readonly https?: Optional<readonly (Recipient & { readonly url: string })[]>;
  readonly slack?: Optional<{ readonly statuses?: Optional<readonly Notified[]> }>;
  readonly pagerDuty?: Optional<{
    readonly statuses?: Optional<readonly Notified[]>;
    /** Default: `critical`. */
    readonly severity?: Optional<"critical" | "error" | "warning" | "info">;
  }>;
}

export interface Recipient {
  /** Verdicts to tell of. Default: both. */
  readonly statuses?: Optional<readonly Notified[]>;
  /** Whether to tell of alarms as well. Default: true. */
  readonly alarms?: Optional<boolean>;
}

/** The retention periods of a log group that CloudWatch Logs accepts, in days (API reference, PutRetentionPolicy). */
export type LogRetentionDays = (typeof RETENTION_DAYS)[number];

/** All values of {@link LogRetentionDays}. */
export const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;
