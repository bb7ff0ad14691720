// The namespace import lets the bundler drop unused code.
import * as z from "zod";

/** Settings or environment variables that cannot be used. The message names every key. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/** The environment variables that several functions have. */
export const sharedSchema = z.object({
  /** Name of the ledger's table. */
  LEDGER_TABLE: z.string().min(1),
  /** Name or ARN of the event bus that gets the `Image Verdict` events. */
  EVENT_BUS: z.string().min(1),
  /** ARN of the topic that gets the messages for people. */
  NOTIFICATION_TOPIC: z.string().regex(/^arn:[a-z-]+:sns:/, "must be the ARN of an SNS topic"),
  /** Name of the function's log group, which Lambda sets (developer guide, "Defined runtime environment variables"). */
  AWS_LAMBDA_LOG_GROUP_NAME: z.string().min(1),
  /** Name of the table with the orders of the moment. */
  ORDERS_TABLE: z.string().min(1),
  /** ARN of the KMS key that proves them. */
  ORDERS_KEY_ARN: z.string().regex(/^arn:[a-z-]+:kms:/, "must be the ARN of a KMS key"),
  /** URL of the runbook that messages link to. */
  RUNBOOK_URL: z.string().min(1).optional(),
});

/** `FINDINGS`: whether a function makes findings in Security Hub. */
export const findingsVariable = z.enum(["true", "false"]).optional();

/** ARN of the canary's cluster, ARN of its task definition with the revision, and digest of its unsigned image. Missing without a canary. */
export const canaryVariables = {
  CANARY_CLUSTER: z.string().min(1).optional(),
  CANARY_TASK_DEFINITION: z.string().min(1).optional(),
  CANARY_DIGEST: z.string().min(1).optional(),
};

/** @throws {@link SettingsError} that names every variable that is missing or wrong. */
export function readVariables<Variables>(schema: z.ZodType<Variables>, env: NodeJS.ProcessEnv): Variables {
  const parsed = schema.safeParse(env);
  if (!parsed.success) throw new SettingsError(`Environment variables: ${issuesIn(parsed.error)}`);
  return parsed.data;
}

/** A list with commas between its parts. */
export function listOf(text: string | undefined): readonly string[] {
  return (text ?? "").split(",").flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
}

export function issuesIn(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join(".") || "the whole"}: ${message}`).join("; ");
}
