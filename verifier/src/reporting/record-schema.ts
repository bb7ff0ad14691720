import * as z from "zod";
import { digestGrammar } from "../../../trust/reference";
import { behaviourFields } from "../behaviour-schema";
import {
  type OrderEvidence,
  REASON_CODES,
  type ReasonCode,
  type SignatureEvidence,
  STATUSES,
} from "../verification/verdict";
import { GATE_OUTCOMES, RESPONSE_OUTCOMES, SWEEP_OUTCOMES } from "./response-outcome";

/** Version of the record's format. It increases when a field changes its meaning or is removed. */
export const RECORD_VERSION = "2";

/** Places that judge images, as far as they exist. A reader must expect more. */
export const ENFORCEMENT_POINTS = ["launch", "deployment", "sweep"] as const;

/** What a verdict can be about, as far as it exists. A reader must expect more. */
export const SUBJECTS = ["task", "deployment", "running-container"] as const;

const name = z.string().min(1);
const ecsArn = z.string().regex(/^arn:aws[a-z0-9-]*:ecs:/);
const digest = z.string().regex(digestGrammar);
const time = z.iso.datetime();
const chatText = z.string().min(1).max(1000);

/** The facts about one signature. */
export const signatureSchema = z.strictObject({
  digest: digest.describe("Digest of the signature's manifest."),
  profileVersion: z.string().exactOptional().describe("ARN of the AWS Signer signing profile version."),
  job: z.string().exactOptional().describe("ARN of the AWS Signer signing job."),
  signingTime: z.string().exactOptional().describe("When it was signed, in ISO 8601."),
  expiry: z.string().exactOptional().describe("When the signature expires, in ISO 8601. Absent if it does not expire."),
}) satisfies z.ZodType<SignatureEvidence>;

/** The order that decided. */
export const orderSchema = z.strictObject({
  id: name.describe("Id of the order."),
  kind: z
    .enum(["block", "exempt", "open"])
    .describe(
      "block stops an image, exempt lets it run for some hours, open opens the deployment gate for some hours.",
    ),
  from: time.describe("When it begins."),
  until: time.exactOptional().describe("When it ends. A block may have no end."),
  owner: name.exactOptional().describe("Who answers for it."),
  reason: name.describe("Why it was given."),
}) satisfies z.ZodType<OrderEvidence>;

/** A verdict that is not in force. */
export const withoutSchema = z.strictObject({
  status: z.enum(STATUSES).describe("Its status."),
  code: z.enum<readonly ReasonCode[]>(REASON_CODES).describe("Its reason code."),
  detail: z.string().describe("Its reason as text."),
});

/**
 * The text for chats. EventBridge inserts text into a message unchanged, without escaping (EventBridge user guide,
 * "Common issues with transforming input"). Slack rejects a text that is empty or too long (Slack's reference of Block
 * Kit: 1 to 3000 characters, in fields 2000, in a header 150), and EventBridge does not retry a rejected call. So none
 * of these texts needs escaping, none is empty, and each has a maximum length.
 */
const chatSchema = z.strictObject({
  title: z.string().min(1).max(150).describe("The finding, in one line."),
  image: chatText.describe("The image reference."),
  why: chatText.describe("The reason as text."),
  where: chatText.describe("Container, service (otherwise family), cluster, region and account."),
  done: chatText.describe("What was done about the task, and why it failed if it did."),
  next: chatText.describe("What to do next."),
  log: z.string().min(1).max(2000).describe("URL of the task's lines in the verifier's log."),
});

/**
 * The record of one verdict: the detail of the `Image Verdict` event, and `verdict` in the log line. This is the only
 * definition: the type, docs/image-verdict.schema.json and the reader of the log are derived from it.
 */
export const verdictRecordSchema = z.strictObject({
  version: z
    .literal(RECORD_VERSION)
    .describe(
      "Version of this format. It increases when a field changes its meaning or is removed; added fields do not change it.",
    ),
  environment: name.describe("Name of the environment whose trust document was applied."),
  mode: z.enum(behaviourFields.mode.options).describe("Whether the environment only records, or stops what is denied."),
  enforcementPoint: z
    .enum(ENFORCEMENT_POINTS)
    .describe(
      "Where the image was judged. launch: when ECS launched the task. deployment: by the deployment gate, before a service's deployment goes on. sweep: while it runs. Later versions may add others, such as preview.",
    ),
  subject: z
    .enum(SUBJECTS)
    .describe(
      "What this verdict is about. task: a container of one ECS task. deployment: a container of the task definition that a service deployment deploys. running-container: the containers of one name and image that run in a service, or in a family's tasks without one. Later versions may add others.",
    ),
  account: z
    .string()
    .regex(/^[0-9]{12}$/)
    .describe("AWS account of the task or deployment."),
  region: name.describe("AWS region of the task or deployment."),
  cluster: ecsArn.describe("ARN of the ECS cluster."),
  task: ecsArn
    .exactOptional()
    .describe(
      "ARN of the ECS task; with the subject running-container, of one of the tasks. Not with the subject deployment.",
    ),
  deployment: ecsArn.exactOptional().describe("ARN of the service deployment. Only with the subject deployment."),
  serviceRevision: ecsArn
    .exactOptional()
    .describe("ARN of the service revision that is deployed. Only with the subject deployment."),
  stage: name
    .exactOptional()
    .describe("Lifecycle stage of the deployment, such as PRE_SCALE_UP. Only with the subject deployment."),
  owner: name
    .exactOptional()
    .describe("Who owns the service, by its tag. Only of a deployment that was refused, and only if it has the tag."),
  taskDefinition: ecsArn.describe("ARN of the task definition revision."),
  family: name.describe("Family of the task definition."),
  group: name
    .exactOptional()
    .describe("Group of the task: `service:<name>` or `family:<family>`. The caller of RunTask can choose it."),
  service: name
    .exactOptional()
    .describe("Name of the service in the group, if it names one. The caller of RunTask can choose the group."),
  launchType: name
    .exactOptional()
    .describe("Launch type of the task, as ECS reports it: EC2, FARGATE, EXTERNAL, MANAGED_INSTANCES."),
  lastStatus: name
    .exactOptional()
    .describe("Status of the task in the event that was judged. Only with the subject task."),
  container: name.describe("Name of the container that this verdict is about."),
  containers: z
    .int()
    .min(1)
    .exactOptional()
    .describe("How many of these containers run. Only with the subject running-container."),
  image: z
    .string()
    .describe(
      "Image reference that was judged, with the digest if it is known. Empty for a container whose image ECS does not report.",
    ),
  digest: digest
    .exactOptional()
    .describe("Digest of the manifest that was judged: of the image index for a multi-platform image."),
  status: z.enum(STATUSES).describe("The status that the code stands for."),
  code: z
    .enum<readonly ReasonCode[]>(REASON_CODES)
    .describe("Reason code; docs/verdicts.md explains each. Codes are never renamed; new ones may be added."),
  detail: z
    .string()
    .describe(
      "The reason as text, with the service's own error text if there is one. For people; do not match on it: others control parts of it.",
    ),
  provisional: z
    .boolean()
    .describe(
      "Judged through a tag, before ECS reported a digest. If ECS then reports the same digest and the code stays the same, no second event follows.",
    ),
  final: z
    .boolean()
    .describe(
      "Whether this verdict is final. One that is not final is in the log only: the container is judged again.",
    ),
  tagMovedFrom: digest
    .exactOptional()
    .describe("The digest that was judged through the tag before, if ECS pulled another one."),
  signature: signatureSchema
    .exactOptional()
    .describe(
      "The facts about the signature that decided, also for a denial. With the codes signature-invalid, signature-unreadable, signature-unsupported and untrusted-root, what it says about its signer is not proven.",
    ),
  signatures: z
    .array(signatureSchema)
    .describe(
      "All signatures that counted: valid, and by an identity that the trust document lists. For a trusted verdict, one of each signer that the statement requires. With the code signers-missing, those of the signers that have signed. Otherwise none.",
    ),
  missing: z
    .array(name)
    .exactOptional()
    .describe("Only with the code signers-missing: who has not signed, as ARNs or as a choice between several."),
  order: orderSchema
    .exactOptional()
    .describe(
      "The order of the moment that decided: with the code digest-blocked or exempted, or with the response opened. docs/orders.md.",
    ),
  without: withoutSchema
    .exactOptional()
    .describe(
      "Only of an image that an order of the moment exempts: the verdict that it would have without the order.",
    ),
  response: z
    .enum([...RESPONSE_OUTCOMES, ...GATE_OUTCOMES, ...SWEEP_OUTCOMES])
    .describe(
      "What was done about the task or deployment as a whole, possibly because of another container. none: no action was required. audited: a stop was required, but the environment only audits. stopped-first-deployment: the task was stopped, and its service, which has nothing to roll back to, keeps starting tasks. already-stopped: the task had ended by itself. budget-used-up: a stop was required and waits for the next ten minutes; another event follows when it was done. alert-only, managed-daemon: a stop was required but is not done. failed: an action failed; it is retried, and another event follows when it succeeds. Of deployments: refused, refused-first-deployment (ECS has no earlier revision to roll back to), already-running (let through: the service runs these digests already), opened (let through: an order of the moment has opened the gate), waiting (judged again). Of sweeps: first-sweep (only tells), trusted-before (was trusted, and nothing is proven against it).",
    ),
  done: name.describe("The response as text, for people; others control no part of it."),
  responseError: name.exactOptional().describe("Why the response failed. Only with the response failed."),
  count: z
    .int()
    .min(1)
    .exactOptional()
    .describe(
      "The number of this event within its group and hour, if people are notified of it: for the 1st, 10th, 100th and so on; absent for all others. A group has the events with the same cluster, service (otherwise family), digest (otherwise image), code and response. 1 if the ledger cannot be reached.",
    ),
  countedSince: time
    .exactOptional()
    .describe(
      "When the first of the group and the hour was recorded. Only with a count, and absent if the ledger cannot be reached.",
    ),
  chat: chatSchema
    .exactOptional()
    .describe(
      "The same for chats, as text that needs no escaping: no double quotes, backslashes, angle brackets, ampersands, line breaks or invisible characters. None is empty. Only with a count.",
    ),
  taskCreatedAt: time.exactOptional().describe("When ECS created the task. Not with the subject deployment."),
  judgedAt: time.describe("When this record was made."),
});

/** The ARN of the task or deployment that a record is about. */
export function recordedArn({
  task,
  deployment,
  cluster,
}: Pick<VerdictRecord, "task" | "deployment" | "cluster">): string {
  return task ?? deployment ?? cluster;
}

/** The record of one verdict. */
export type VerdictRecord = Readonly<z.infer<typeof verdictRecordSchema>>;

/** The text for chats about a verdict. */
export type ChatText = Readonly<z.infer<typeof chatSchema>>;
