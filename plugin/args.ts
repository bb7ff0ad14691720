import type * as pulumi from "@pulumi/pulumi";

/** What makes an environment: `trust` alone is required. */
export interface ImageVerificationArgs {
  /** Whom the environment trusts: the text of a trust document, in YAML or JSON (docs/trust-document.md). */
  trust: string;
  /** Name of the environment in records, metrics and messages. Default: the name of the stack. */
  environment?: string;
  /** `audit` records and reports; `enforce` also stops denied tasks. Default: `audit`. */
  mode?: string;
  /** What to do with a final inconclusive verdict: `alert`, or `deny`, which treats it as denied. Default: `alert`. */
  onInconclusive?: string;
  /** Seconds after which an inconclusive verdict is final, 0 to 180. Default: 150. */
  giveUpAfterSeconds?: number;
  /** How long a trusted verdict is kept, 0 to 3600 seconds: so long a revocation can stay unseen. Default: 300. */
  verdictTtlSeconds?: number;
  /** How long one verification may take, 1 to 300 seconds. Default: 20. */
  verificationTimeoutSeconds?: number;
  /** How many signatures of an image are tried, 1 to 1000. Default: 50. */
  maxSignatures?: number;
  /** How many tasks are stopped in a cluster within ten minutes, at most. 0: alerts only. Default: 20. */
  stopBudget?: number;
  /** How long the ledger remembers what was judged and done, in days. Default: 30. */
  ledgerDays?: number;
  /** How long an order may exempt an image, 0 to 72 hours. 0: such exemptions are ignored. Default: 8. */
  exemptionHours?: number;
  /** ARNs of the clusters to watch. Default: every cluster of the account and region. */
  clusters?: pulumi.Input<pulumi.Input<string>[]>;
  /** ARN of a signing profile to use instead of a new one, without a version. */
  signingProfileArn?: string;
  /** How long signatures of a new profile are valid, 1 to 135 months. Default: 135. */
  signatureValidityMonths?: number;
  /** Architecture of the function: `arm64` or `x86_64`. Default: `arm64`. */
  architecture?: string;
  /** Memory of the function, in MiB. Default: 512. */
  memoryMiB?: number;
  /** Timeout of the function, in seconds. Default: 120. */
  timeoutSeconds?: number;
  /** Invocations reserved for the function. Default: none. */
  reservedConcurrency?: number;
  /**
   * The verifier's image, built elsewhere from the same settings: `REPOSITORY@sha256:...` in ECR in this region. Default: it is
   * built now, with Docker.
   */
  imageUri?: string;
  /**
   * A verifier's image without a configuration, `REPOSITORY@sha256:...`, on which the configuration is put, so that nothing is
   * compiled. Default: it is built from the sources.
   */
  baseImage?: string;
  /**
   * Whom the base image must be signed by: the text of a trust document, without `self` and exemptions. Its signature is then
   * verified on this machine before anything is made. Default: the digest alone is the pin.
   */
  baseImageTrust?: string;
  /** How long the logs are kept, in days; a value that CloudWatch Logs offers. Default: 90. */
  logRetentionDays?: number;
  /** KMS key of the logs. Default: AWS's own. */
  logKmsKeyArn?: pulumi.Input<string>;
  /** Name of the bus that gets the `Image Verdict` events. Default: `default`. */
  eventBus?: pulumi.Input<string>;
  /** Address of the runbook that messages link to, without an anchor. Default: the path docs/runbook.md. */
  runbookUrl?: string;
  /** E-mail addresses that are told of denied and inconclusive verdicts, and of alarms. */
  email?: string[];
  /** Address of an incoming webhook of Slack: a secret. */
  slackWebhookUrl?: pulumi.Input<string>;
  /** Integration key of PagerDuty's Events API v2: a secret. */
  pagerDutyRoutingKey?: pulumi.Input<string>;
  /** The deployment gate: `audit` records what it would refuse, `enforce` refuses it. Without any argument of the gate there is none; with another one it is `audit`. */
  gateMode?: string;
  /** Which services the gate's keeper attaches the gate to: `none`, `listed` or `all`. Default: `none`. */
  gateAttach?: string;
  /** ARNs of services, for `listed`. */
  gateServices?: string[];
  /** The sweep judges what runs again every so many hours, 1 to 24. Without any argument of the sweep there is none; with another one it is 6. */
  sweepEveryHours?: number;
  /** `audit` tells what a sweep finds; `enforce` also stops denied tasks. Default: `audit`. */
  sweepMode?: string;
  /** Whether to make findings in Security Hub. Default: false. */
  findings?: boolean;
  /** Whether to make a signed and an unsigned task to run. Default: false. */
  sampleWorkload?: boolean;
  /** Whether to make a dashboard in CloudWatch. Default: true. */
  dashboard?: boolean;
  /** Keeps Pulumi from removing the signing profile, the ledger, the orders with their key and the gate. Default: false. */
  protect?: boolean;
  /** Lets `pulumi destroy` remove repositories with their images. Default: false. */
  forceDelete?: boolean;
}
