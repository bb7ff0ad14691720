import * as z from "zod";
import { DEFAULT_INTERVAL_HOURS, LONGEST_INTERVAL_HOURS } from "../components/interval";
import { eachOnce, httpsUrl, oneOf, textLike, wholeNumber } from "../trust/text/fields";
import { LONGEST_EXEMPTION_HOURS } from "../verifier/src/behaviour";
import { behaviourSchema } from "../verifier/src/behaviour-schema";
import { clusterArn, orderPrincipals, roleArn } from "./arn-fields";
import { RETENTION_DAYS } from "./environment-configuration";
import { gate } from "./gate-schema";
import { ecrImageByDigest, imageByDigest } from "./image-by-digest";
import { sweep } from "./sweep-schema";

/** The statuses that people can be notified of. Exempt and trusted launches are only in the log. */
export const NOTIFIED_STATUSES = ["denied", "inconclusive"] as const;

const statuses = z
  .array(oneOf(...NOTIFIED_STATUSES))
  .min(1)
  .default([...NOTIFIED_STATUSES]);

const signer = z.strictObject({
  account: textLike(/^[0-9]{12}$/, "an AWS account: 12 digits"),
  mayRevoke: z.boolean().default(false),
});

const signingProfile = z.strictObject({
  arn: textLike(
    /^arn:[a-z-]+:signer:[a-z0-9-]+:[0-9]{12}:\/signing-profiles\/[A-Za-z0-9_]{2,64}$/,
    "the ARN of a signing profile, such as arn:aws:signer:eu-west-1:444455556666:/signing-profiles/release, without a version",
  ).optional(),
  validityMonths: wholeNumber(1, 135, "months").default(135),
  signers: eachOnce(signer, ({ account }) => account, "an account").default([]),
});

const verifier = z.strictObject({
  architecture: oneOf("arm64", "x86_64").default("arm64"),
  memoryMiB: wholeNumber(256, 10_240, "MiB").default(512),
  timeoutSeconds: wholeNumber(10, 900, "seconds").default(120),
  reservedConcurrency: wholeNumber(1, 10_000).optional(),
  goImage: z.string().min(1).optional(),
  nodeImage: z.string().min(1).optional(),
  imageUri: ecrImageByDigest().optional(),
  baseImage: imageByDigest().optional(),
  // components/image/base-trust.ts checks it, with rules that a schema cannot express.
  baseImageTrust: z.looseObject({}).optional(),
});

const logs = z.strictObject({
  retentionDays: z
    .literal([...RETENTION_DAYS], { error: () => `must be one of ${RETENTION_DAYS.join(", ")}, in days` })
    .default(90),
  kmsKeyArn: textLike(/^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key\/[A-Za-z0-9-]+$/, "the ARN of a KMS key").optional(),
});

const email = z.strictObject({
  address: textLike(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "an e-mail address"),
  statuses,
  alarms: z.boolean().default(true),
});

const https = z.strictObject({ url: httpsUrl("an address"), statuses, alarms: z.boolean().default(true) });

const notifications = z.strictObject({
  email: eachOnce(email, ({ address }) => address.toLowerCase(), "an address").default([]),
  https: eachOnce(https, ({ url }) => url, "an address").default([]),
  slack: z.strictObject({ statuses }).optional(),
  pagerDuty: z
    .strictObject({ statuses, severity: oneOf("critical", "error", "warning", "info").default("critical") })
    .optional(),
});

const exemptions = z.strictObject({
  maxHours: wholeNumber(1, LONGEST_EXEMPTION_HOURS, "hours").default(8),
  principals: orderPrincipals,
});

const changeAlarms = z.strictObject({ deploymentRole: roleArn, signingRole: roleArn.optional() });

const subnet = textLike(/^subnet-[0-9a-f]{8,17}$/, "the id of a subnet, such as subnet-0123456789abcdef0");

const canary = z.strictObject({
  subnets: eachOnce(subnet, (id) => id, "a subnet")
    .min(1, "must name at least one subnet")
    .max(16),
  everyHours: wholeNumber(1, LONGEST_INTERVAL_HOURS, "hours").default(DEFAULT_INTERVAL_HOURS),
});

// Expressed as a field of the configuration: breakGlass.
const { exemptionHours: _, ...behaviour } = behaviourSchema.shape;

/** The schema of a stack's configuration under `ecs-image-verification:`. docs/configuration.md explains each key. */
export const configurationSchema = z.strictObject({
  ...behaviour,
  // Default: the name of the stack.
  environment: behaviour.environment.optional(),
  // trust/document.ts checks it, with rules that a schema cannot express.
  trust: z.looseObject({}),
  clusters: eachOnce(clusterArn, (arn) => arn, "a cluster")
    .min(1)
    .optional(),
  // One message for both forms: zod would list what is wrong with each. order-values.ts says what is allowed.
  breakGlass: z
    .union([z.literal(false), exemptions], { error: () => "must be false, or a mapping" })
    .default({ maxHours: 8 }),
  blocks: z.strictObject({ principals: orderPrincipals }).prefault({}),
  gate: gate.optional(),
  sweep: sweep.optional(),
  signingProfile: signingProfile.prefault({}),
  verifier: verifier.prefault({}),
  logs: logs.prefault({}),
  eventBus: textLike(/^[/.A-Za-z0-9_-]{1,256}$/, "the name of an event bus").default("default"),
  // In messages and JSON templates, where nothing is escaped, and followed by the anchor.
  runbookUrl: textLike(
    /^https:\/\/[A-Za-z0-9./_~%:@!$*+,;=?()-]{1,192}$/,
    "the address of a page, starting with https://, without an anchor (#), and of at most 200 characters",
  ).optional(),
  notifications: notifications.prefault({}),
  slackWebhookUrl: httpsUrl("the address of an incoming webhook of Slack").optional(),
  pagerDutyRoutingKey: textLike(
    /^[A-Za-z0-9]{32}$/,
    "an integration key of PagerDuty: 32 letters or digits",
  ).optional(),
  findings: z.boolean().default(false),
  sampleWorkload: z.boolean().default(false),
  dashboard: z.boolean().default(true),
  changeAlarms: changeAlarms.optional(),
  canary: canary.optional(),
  protect: z.boolean().default(false),
  forceDelete: z.boolean().default(false),
});

/** The configuration as written, checked value by value, with the defaults filled in. */
export type WrittenConfiguration = z.infer<typeof configurationSchema>;

/** Keys whose values must be Pulumi secrets. */
export const SECRET_KEYS = ["slackWebhookUrl", "pagerDutyRoutingKey"] as const;
