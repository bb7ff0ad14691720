import * as z from "zod";
import { isAccountId, isRegionName } from "../../trust/partition";
import { inLine, show } from "../../trust/quote";
import { hasControlCharacters } from "../../trust/text/control-characters";
import { asFields, valueAt } from "../../trust/unchecked-value";

/**
 * The outputs of a deployed environment: configuration/outputs.ts. Outputs that are not listed here are kept.
 */
export interface EnvironmentOutputs {
  /** Its name in records and metrics: the stack's name unless configured otherwise. */
  environment: string;
  /** AWS account, 12 digits. */
  account: string;
  region: string;
  mode: "audit" | "enforce";
  /** Host of the account's registry. */
  registry: string;
  signingProfileArn: string;
  /** What the environment trusts, as in its file but with the ARNs of other stacks' profiles. Missing where the deployment is older. */
  trustDocument?: Record<string, unknown> | undefined;
  /** ARNs of other stacks' profiles, by the identity of the file that stands for them: `stack:NAME`. Missing if there are none. */
  trustedStacks?: Record<string, string> | undefined;
  /** Missing if the profile was created elsewhere. */
  signingProfileVersionArn?: string | undefined;
  functionName: string;
  /** Name of the log group with the verdicts. */
  logGroup: string;
  /** Address of the dashboard in the AWS console. Missing where there is none. */
  dashboard?: string | undefined;
  /** Name of the table that remembers verdicts and actions. */
  ledgerTable: string;
  /** Name of the table with the orders of the moment. Missing where the deployment is older than these. */
  ordersTable?: string | undefined;
  /** ARN of the key that proves them. */
  ordersKeyArn?: string | undefined;
  /** The maximum time of a break-glass exemption, in hours. 0: there are none. */
  exemptionHours?: number | undefined;
  /** ARN of the alias that ECS invokes as the deployment gate. All outputs of the gate are missing without one. */
  gateTargetArn?: string | undefined;
  /** ARN of the role with which ECS invokes it. */
  gateInvokerRoleArn?: string | undefined;
  gateMode?: "audit" | "enforce" | undefined;
  /** ARNs of clusters and services that the gate enforces although its mode is audit. */
  gateEnforce?: string[] | undefined;
  gateFunctionName?: string | undefined;
  /** Name of the log group of the gate's function. */
  gateLogGroup?: string | undefined;
  /** The maximum time of an opening of the gate, in hours. 0: there are none. */
  gateOpenHours?: number | undefined;
  /** Name of the function that lists what runs, for the sweep. All outputs of the sweep are missing without one. */
  sweepFunctionName?: string | undefined;
  /** Name of the function that judges what the sweep has found. */
  sweepWorkerFunctionName?: string | undefined;
  /** Name of the log group of both. */
  sweepLogGroup?: string | undefined;
  /** Name of the queue with the images that wait for the worker. */
  sweepQueue?: string | undefined;
  /** Name of the queue with what the sweep could not do at any attempt. */
  sweepDeadLetterQueue?: string | undefined;
  /** ARN of the canary's cluster. Missing without a canary, and where the deployment is older than this output. */
  canaryCluster?: string | undefined;
  /** ARN of the revision of the canary's task definition. */
  canaryTaskDefinition?: string | undefined;
  /** Digest of the canary's image. */
  canaryDigest?: string | undefined;
  /** URL of the environment's own runbook. Missing: docs/runbook.md of this repository. */
  runbookUrl?: string | undefined;
  /** ARNs of the clusters that the environment watches. Missing: every cluster of the account and region. */
  watchedClusters?: string[] | undefined;
  /** Name of the queue with the events that failed at every attempt. */
  failureQueue: string;
  /** Name of the queue with the events that never reached the function. */
  deadLetterQueue: string;
  /**
   * Recipients who had not confirmed at the last update: e-mail addresses, and places such as `https[0]` in
   * `notifications.https`.
   */
  unconfirmedRecipients: string[];
  /** Outputs of the sample, if there is one. */
  signedTaskDefinitionArn?: string | undefined;
  unsignedTaskDefinitionArn?: string | undefined;
  [other: string]: unknown;
}

/** What is printed in one line. Whoever changes a saved file of outputs must not write lines of a log with it. */
const text = z
  .string()
  .refine((value) => !hasControlCharacters(value), "text without line breaks and other control characters");

const environmentOutputs = z.looseObject({
  environment: text,
  account: text.refine(isAccountId, "an AWS account, 12 digits"),
  region: text.refine(isRegionName, 'the name of an AWS region, such as "eu-west-1"'),
  mode: z.enum(["audit", "enforce"]),
  registry: text,
  signingProfileArn: text,
  trustDocument: z.record(text, z.unknown()).optional(),
  trustedStacks: z.record(text, text).optional(),
  signingProfileVersionArn: text.optional(),
  functionName: text,
  logGroup: text,
  dashboard: text.optional(),
  ledgerTable: text,
  ordersTable: text.optional(),
  ordersKeyArn: text.optional(),
  exemptionHours: z.number().optional(),
  gateTargetArn: text.optional(),
  gateInvokerRoleArn: text.optional(),
  gateMode: z.enum(["audit", "enforce"]).optional(),
  gateEnforce: z.array(text).optional(),
  gateFunctionName: text.optional(),
  gateLogGroup: text.optional(),
  gateOpenHours: z.number().optional(),
  sweepFunctionName: text.optional(),
  sweepWorkerFunctionName: text.optional(),
  sweepLogGroup: text.optional(),
  sweepQueue: text.optional(),
  sweepDeadLetterQueue: text.optional(),
  canaryCluster: text.optional(),
  canaryTaskDefinition: text.optional(),
  canaryDigest: text.optional(),
  runbookUrl: text.optional(),
  watchedClusters: z.array(text).optional(),
  failureQueue: text,
  deadLetterQueue: text,
  unconfirmedRecipients: z.array(text),
  signedTaskDefinitionArn: text.optional(),
  unsignedTaskDefinitionArn: text.optional(),
}) satisfies z.ZodType<EnvironmentOutputs>;

/** The outputs of an environment, or the reasons why a value is not valid outputs, one line each. */
export function parseEnvironmentOutputs(
  value: unknown,
): { readonly outputs: EnvironmentOutputs } | { readonly problems: readonly string[] } {
  const parsed = environmentOutputs.safeParse(value);
  if (parsed.success) return { outputs: parsed.data };
  return { problems: parsed.error.issues.map((issue) => describeIssue(issue, value)) };
}

/** Whether a value may be the outputs of an environment of any version: it has at least one of their keys. */
export function isMeantAsOutputs(value: unknown): boolean {
  return Object.keys(asFields(value)).some((key) => key in environmentOutputs.shape);
}

const KINDS: Readonly<Record<string, string>> = { string: "text", array: "a list", object: "a mapping" };

function describeIssue(issue: z.core.$ZodIssue, root: unknown): string {
  const name = inLine(issue.path.join(".")) || "the whole";
  const value = valueAt(root, issue.path);
  if (value === undefined) return `${name} is missing`;
  return `${name} is ${show(value)}, and must be ${allowedBy(issue)}`;
}

function allowedBy(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") return KINDS[issue.expected] ?? issue.expected;
  return issue.code === "invalid_value" ? issue.values.map((word) => show(word)).join(" or ") : issue.message;
}
