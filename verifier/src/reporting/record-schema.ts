import * as z from "zod";
import { behaviourFields } from "../behaviour";
import { REASON_CODES, type ReasonCode, type SignatureEvidence, STATUSES } from "../verification/verdict";
import { RESPONSE_OUTCOMES } from "./response-outcome";

/** Version of the record's form. It grows when a field changes its meaning or goes. */
export const RECORD_VERSION = "2";

/** Places that judge images, as far as there are any. A reader must expect further ones. */
export const ENFORCEMENT_POINTS = ["launch"] as const;

/** What a verdict can be about, as far as there is anything. A reader must expect more. */
export const SUBJECTS = ["task"] as const;

const name = z.string().min(1);
const ecsArn = z.string().regex(/^arn:aws[a-z0-9-]*:ecs:/);
const digest = z.string().regex(/^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/);
const time = z.iso.datetime();
const chatText = z.string().min(1).max(1000);

/** What is known of one signature. */
export const signatureSchema = z.strictObject({
  digest: digest.describe("Digest of the signature's manifest."),
  profileVersion: z.string().exactOptional().describe("ARN of the AWS Signer signing profile version."),
  job: z.string().exactOptional().describe("ARN of the AWS Signer signing job."),
  signingTime: z.string().exactOptional().describe("When it was signed, in ISO 8601."),
  expiry: z
    .string()
    .exactOptional()
    .describe("From this moment on the signature is worth nothing, in ISO 8601. Absent if it does not expire."),
}) satisfies z.ZodType<SignatureEvidence>;

/**
 * What chats are told of a verdict. EventBridge inserts texts into a message as they are, and does not escape them
 * (EventBridge user guide, "Common issues with transforming input"); Slack refuses a text that is empty or too long
 * (Slack's reference of Block Kit: 1 to 3000 characters, in fields 2000, in a header 150), and EventBridge does not repeat
 * a call that is refused. So none of these needs escaping, none is empty, and each has its bound.
 */
const chatSchema = z.strictObject({
  title: z.string().min(1).max(150).describe("What was found, in a line."),
  image: chatText.describe("The image reference."),
  why: chatText.describe("The reason in words."),
  where: chatText.describe("Container, service or else family, cluster, region and account."),
  done: chatText.describe("What was done about the task, and why it failed if it did."),
  next: chatText.describe("What to do next."),
  log: z.string().min(1).max(2000).describe("Web address of the task's lines in the log of the verifier."),
});

/**
 * What is recorded of one verdict: the detail of the `Image Verdict` event, and `verdict` in the line of the log. The
 * one place that says so: the type, docs/image-verdict.schema.json and the reader of the log are made from it.
 */
export const verdictRecordSchema = z.strictObject({
  version: z
    .literal(RECORD_VERSION)
    .describe(
      "Version of this form. It grows when a field changes its meaning or goes; fields that are added do not change it.",
    ),
  environment: name.describe("Name of the environment whose trust document was applied."),
  mode: z.enum(behaviourFields.mode.options).describe("Whether the environment only records, or stops what is denied."),
  enforcementPoint: z
    .enum(ENFORCEMENT_POINTS)
    .describe(
      "Where the image was judged. launch: when ECS launched the task. Others may come, such as preview, deployment and sweep.",
    ),
  subject: z
    .enum(SUBJECTS)
    .describe(
      "What this verdict is about. task: a container of one ECS task. Others may come, such as deployment and running-container.",
    ),
  account: z
    .string()
    .regex(/^[0-9]{12}$/)
    .describe("AWS account of the task."),
  region: name.describe("AWS region of the task."),
  cluster: ecsArn.describe("ARN of the ECS cluster."),
  task: ecsArn.describe("ARN of the ECS task."),
  taskDefinition: ecsArn.describe("ARN of the task definition revision."),
  family: name.describe("Family of the task definition."),
  group: name
    .exactOptional()
    .describe("Group of the task: `service:<name>` or `family:<family>`. Whoever calls RunTask may choose it."),
  service: name
    .exactOptional()
    .describe(
      "Name of the service that the group names, if it names one. Whoever may call RunTask may choose the group.",
    ),
  launchType: name
    .exactOptional()
    .describe("Launch type of the task, as ECS gives it: EC2, FARGATE, EXTERNAL, MANAGED_INSTANCES."),
  lastStatus: name.describe("Status of the task in the event that was judged."),
  container: name.describe("Name of the container that this verdict is about."),
  image: z
    .string()
    .describe(
      "Image reference that was judged, with the digest where it is known. Empty for a container whose image ECS does not report.",
    ),
  digest: digest
    .exactOptional()
    .describe("Digest of the manifest that was judged: of the image index, for an image of several platforms."),
  status: z.enum(STATUSES).describe("What the code comes to."),
  code: z
    .enum<readonly ReasonCode[]>(REASON_CODES)
    .describe("Reason code; docs/verdicts.md explains each. Codes are never renamed; new ones may be added."),
  detail: z
    .string()
    .describe(
      "The reason in words, with the service's own error text where there is one. For people, and not to be matched on: parts of it are text that others chose.",
    ),
  provisional: z
    .boolean()
    .describe(
      "Judged through a tag, before ECS had reported a digest. If ECS then reports the same digest, with the same code, no second event follows.",
    ),
  final: z
    .boolean()
    .describe("Whether this verdict stands. One that does not is in the log only: the container is judged again."),
  tagMovedFrom: digest
    .exactOptional()
    .describe("The digest that was judged through the tag before, if ECS has pulled another one."),
  signature: signatureSchema
    .exactOptional()
    .describe(
      "What is known of the signature that decided, also about a denial. With the codes signature-invalid, signature-unreadable, signature-unsupported and untrusted-root, what it says of its signer is not proved.",
    ),
  signatures: z
    .array(signatureSchema)
    .describe(
      "All signatures that counted: valid, and by an identity that the trust document lists. For a trusted verdict the one that decided, for any other none; where several are required there may be more.",
    ),
  response: z
    .enum(RESPONSE_OUTCOMES)
    .describe(
      "What was done about the task as a whole, which may be because of another container. none: nothing was due. audited: stopping was due, and the environment only audits. stopped-first-deployment: the task was stopped, and its service, which has nothing to roll back to, goes on starting tasks. already-stopped: the task had ended by itself. budget-used-up: stopping was due and waits for the next ten minutes; another event follows when it was done. alert-only, managed-daemon: stopping was due and is not done. failed: an action failed; it is tried again, and another event follows when it went well.",
    ),
  done: name.describe("The response in words, for people; no part of it is text that others chose."),
  responseError: name.exactOptional().describe("Why the response failed. Only with the response failed."),
  count: z
    .int()
    .min(1)
    .exactOptional()
    .describe(
      "The number of this event within its group and hour, if people are told of it, which is of the 1st, 10th, 100th and so on; absent for all others. Of one group are the events with the same cluster, service (or else family), digest (or else image), code and response. 1 where the ledger cannot be reached.",
    ),
  countedSince: time
    .exactOptional()
    .describe(
      "When the first of the group and the hour was recorded. Only with a count, and absent where the ledger cannot be reached.",
    ),
  chat: chatSchema
    .exactOptional()
    .describe(
      "The same for chats, in words that need no escaping: no double quotes, backslashes, angle brackets, ampersands, line breaks or characters that are not seen. None is empty. There with a count only.",
    ),
  taskCreatedAt: time.describe("When ECS created the task."),
  judgedAt: time.describe("When this record was made."),
});

/** What is recorded of one verdict. */
export type VerdictRecord = Readonly<z.infer<typeof verdictRecordSchema>>;

/** What chats are told of a verdict. */
export type ChatText = Readonly<z.infer<typeof chatSchema>>;
