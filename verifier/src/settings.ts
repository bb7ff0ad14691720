import { readFileSync } from "node:fs";
// The namespace, so that the bundle leaves out what is not used.
import * as z from "zod";
import { parseTrustDocument } from "../../trust/document";
import { expandTrustDocument, type ResolvedTrustDocument } from "../../trust/expand";
import { TrustDocumentError } from "../../trust/problem";
import { fieldsOf, listOf } from "../../trust/raw-value";

/** Settings or environment variables that cannot be used. The message names every key. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

const settingsSchema = z.strictObject({
  /** Name of the environment, as records show it. */
  environment: z.string().min(1).max(64),
  /** `audit` records; `enforce` also stops. */
  mode: z.enum(["audit", "enforce"]),
  /** What a final inconclusive verdict comes to: an alert only, or the same as a denial. */
  onInconclusive: z.enum(["alert", "deny"]),
  /**
   * From this age of an event on, an inconclusive verdict is final, and ECR's managed signing is no longer waited for. In
   * seconds. Lambda's last attempt comes 180 seconds after the first; a longer time would end in the failure queue, and
   * `onInconclusive` would never be asked.
   */
  giveUpAfterSeconds: z.int().min(0).max(180),
  /** How long a trusted verdict is kept: the longest time that a revocation can stay unseen. In seconds. */
  verdictTtlSeconds: z.int().min(0).max(3600),
  /** How long one verification may take. In seconds. */
  verificationTimeoutSeconds: z.int().min(1).max(300),
  /** How many signatures of an image are tried. */
  maxSignatures: z.int().min(1).max(1000),
  /**
   * The most tasks stopped in a cluster within ten minutes, of which one task definition family has at most half, rounded
   * up. What is over it waits for the next ten minutes. 0: there are alerts only.
   */
  stopBudget: z.int().min(0).max(10_000),
  /** How long the ledger remembers. In days. */
  ledgerDays: z.int().min(1).max(3650),
  trust: z.looseObject({ account: z.string(), region: z.string() }),
});

/** How the verifier behaves: baked into its image. */
export interface Settings extends Omit<z.infer<typeof settingsSchema>, "trust"> {
  readonly trust: ResolvedTrustDocument;
}

/** How the verifier behaves, apart from whom it trusts. */
export type Behaviour = Omit<Settings, "trust">;

/**
 * Reads the settings file of the image.
 *
 * @throws {@link SettingsError} that names the file and every key that is wrong.
 */
export function readSettings(file: string): Settings {
  try {
    return parseSettings(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SettingsError(`${file}: ${reason}`);
  }
}

/** @throws {@link SettingsError} that names every key that is wrong. */
export function parseSettings(value: unknown): Settings {
  const parsed = settingsSchema.safeParse(value);
  if (!parsed.success) throw new SettingsError(issuesIn(parsed.error));
  return { ...parsed.data, trust: parseResolvedTrust(parsed.data.trust) };
}

/** With each login back at its registry a resolved document is a valid document again, and expanding it changes nothing. */
function parseResolvedTrust(
  trust: Record<string, unknown> & { account: string; region: string },
): ResolvedTrustDocument {
  const { statements, exemptions, account, region } = trust;
  const logins = new Map(listOf(trust.logins).map((login) => [fieldsOf(login).host, login]));
  const registries = listOf(trust.registries).map((host) => logins.get(host) ?? host);
  try {
    // An exemption that expires later must not keep the function from starting; it stops matching.
    const document = parseTrustDocument({ registries, statements, exemptions }, { expiredExemptions: "keep" });
    return expandTrustDocument(document, { account, region });
  } catch (error) {
    if (error instanceof TrustDocumentError) throw new SettingsError(`trust: ${error.message}`);
    throw error;
  }
}

const resourcesSchema = z.object({
  /** Name of the ledger's table. */
  LEDGER_TABLE: z.string().min(1),
  /** Name or ARN of the event bus that gets the `Image Verdict` events. */
  EVENT_BUS: z.string().min(1),
  /** ARN of the topic that gets the messages for people. */
  NOTIFICATION_TOPIC: z.string().regex(/^arn:[a-z-]+:sns:/, "must be the ARN of an SNS topic"),
  /** Name of the function's log group, which Lambda sets (developer guide, "Defined runtime environment variables"). */
  AWS_LAMBDA_LOG_GROUP_NAME: z.string().min(1),
  /** URL of the queue in which stops over budget wait. */
  POSTPONED_QUEUE_URL: z.string().regex(/^https?:\/\//, "must be the URL of an SQS queue"),
});

/** The resources that the function works with. */
export type Resources = z.infer<typeof resourcesSchema>;

/**
 * Reads the names of resources from environment variables.
 *
 * @throws {@link SettingsError} that names every variable that is missing or wrong.
 */
export function readResources(environment: NodeJS.ProcessEnv): Resources {
  const parsed = resourcesSchema.safeParse(environment);
  if (!parsed.success) throw new SettingsError(`Environment variables: ${issuesIn(parsed.error)}`);
  return parsed.data;
}

function issuesIn(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join(".") || "the whole"}: ${message}`).join("; ");
}
