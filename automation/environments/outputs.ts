import * as z from "zod";
import { isAccountId, isRegionName } from "../../trust/partition";
import { show } from "../../trust/quote";
import { asFields, valueAt } from "../../trust/unchecked-value";

/**
 * The outputs of a deployed environment: configuration/outputs.ts. Outputs that are not listed here are kept.
 */
const environmentOutputs = z.looseObject({
  /** Its name in records and metrics: the stack's name unless configured otherwise. */
  environment: z.string(),
  /** AWS account, 12 digits. */
  account: z.string().refine(isAccountId, "an AWS account, 12 digits"),
  region: z.string().refine(isRegionName, 'the name of an AWS region, such as "eu-west-1"'),
  mode: z.enum(["audit", "enforce"]),
  /** Host of the account's registry. */
  registry: z.string(),
  signingProfileArn: z.string(),
  /** Missing if the profile was created elsewhere. */
  signingProfileVersionArn: z.string().optional(),
  functionName: z.string(),
  /** Name of the log group with the verdicts. */
  logGroup: z.string(),
  /** Address of the dashboard in the AWS console. Missing where there is none. */
  dashboard: z.string().optional(),
  /** Name of the table that remembers verdicts and actions. */
  ledgerTable: z.string(),
  /** Name of the table with the orders of the moment. Missing where the deployment is older than these. */
  ordersTable: z.string().optional(),
  /** ARN of the key that proves them. */
  ordersKeyArn: z.string().optional(),
  /** The maximum time of a break-glass exemption, in hours. 0: there are none. */
  exemptionHours: z.number().optional(),
  /** ARN of the alias that ECS invokes as the deployment gate. All outputs of the gate are missing without one. */
  gateTargetArn: z.string().optional(),
  /** ARN of the role with which ECS invokes it. */
  gateInvokerRoleArn: z.string().optional(),
  gateMode: z.enum(["audit", "enforce"]).optional(),
  /** ARNs of clusters and services that the gate enforces although its mode is audit. */
  gateEnforce: z.array(z.string()).optional(),
  gateFunctionName: z.string().optional(),
  /** Name of the log group of the gate's function. */
  gateLogGroup: z.string().optional(),
  /** The maximum time of an opening of the gate, in hours. 0: there are none. */
  gateOpenHours: z.number().optional(),
  /** Name of the function that lists what runs, for the sweep. All outputs of the sweep are missing without one. */
  sweepFunctionName: z.string().optional(),
  /** Name of the function that judges what the sweep has found. */
  sweepWorkerFunctionName: z.string().optional(),
  /** Name of the log group of both. */
  sweepLogGroup: z.string().optional(),
  /** Name of the queue with the images that wait for the worker. */
  sweepQueue: z.string().optional(),
  /** Name of the queue with what the sweep could not do at any attempt. */
  sweepDeadLetterQueue: z.string().optional(),
  /** ARN of the canary's cluster. Missing without a canary, and where the deployment is older than this output. */
  canaryCluster: z.string().optional(),
  /** ARN of the revision of the canary's task definition. */
  canaryTaskDefinition: z.string().optional(),
  /** Digest of the canary's image. */
  canaryDigest: z.string().optional(),
  /** URL of the environment's own runbook. Missing: docs/runbook.md of this repository. */
  runbookUrl: z.string().optional(),
  /** ARNs of the clusters that the environment watches. Missing: every cluster of the account and region. */
  watchedClusters: z.array(z.string()).optional(),
  /** Name of the queue with the events that failed at every attempt. */
  failureQueue: z.string(),
  /** Name of the queue with the events that never reached the function. */
  deadLetterQueue: z.string(),
  /**
   * Recipients who had not confirmed at the last update: e-mail addresses, and places such as `https[0]` in
   * `notifications.https`.
   */
  unconfirmedRecipients: z.array(z.string()),
  /** Outputs of the sample, if there is one. */
  signedTaskDefinitionArn: z.string().optional(),
  unsignedTaskDefinitionArn: z.string().optional(),
});

export type EnvironmentOutputs = z.infer<typeof environmentOutputs>;

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
  const name = issue.path.join(".") || "the whole";
  const value = valueAt(root, issue.path);
  if (value === undefined) return `${name} is missing`;
  return `${name} is ${show(value)}, and must be ${allowedBy(issue)}`;
}

function allowedBy(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") return KINDS[issue.expected] ?? issue.expected;
  return issue.code === "invalid_value" ? issue.values.map((word) => show(word)).join(" or ") : issue.message;
}
