import {
  type EnforcementLevel,
  type PolicyConfigSchema,
  type ReportViolation,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  type Severity,
  UnknownValueError,
} from "@pulumi/policy";
import * as z from "zod";
import { quote } from "../trust/quote";
import { explained, type Fault, FixableError } from "../trust/text/fixable-error";

/** The settings of a policy that the author of a pack chooses; the engine's configuration overrides them. */
export interface PolicyOptions<Config extends z.ZodObject> {
  readonly enforcementLevel?: EnforcementLevel;
  readonly config?: z.input<Config>;
}

/** A policy on single resources. */
export interface ResourcePolicy<Config extends z.ZodObject> {
  readonly name: string;
  readonly description: string;
  readonly severity: Severity;
  readonly remediationSteps: string;
  readonly enforcementLevel: EnforcementLevel;
  readonly config: Config;
  /** Receives every resource of a run, before any check. */
  readonly notice?: (args: ResourceValidationArgs) => void;
  /** Whether the policy applies to the resource. For others, the configuration is not even read. */
  readonly applies: (args: ResourceValidationArgs) => boolean;
  /**
   * Wraps the decision. Passes an `UnknownValueError` through: the server reports it as advisory. Any other error is a
   * violation.
   */
  readonly check: (
    config: z.output<Config>,
    args: ResourceValidationArgs,
    report: ReportViolation,
  ) => Promise<void> | void;
}

/** The configuration of a policy cannot be used. Which policy it is, {@link resourcePolicy} adds for those who read it. */
export class PolicyConfigurationError extends FixableError {
  override readonly name = "PolicyConfigurationError";

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(problems.map((problem) => problem.replace(/\.$/, "")).join("; "), options);
  }

  get fault(): Fault {
    return "input";
  }
}

/**
 * Creates a policy for the SDK. Anything that prevents a check is a violation, at the policy's own level: nothing
 * passes unchecked. The same reason is reported once per run, because a trust document with a problem has it at every
 * resource.
 */
export function resourcePolicy<Config extends z.ZodObject>(
  policy: ResourcePolicy<Config>,
  options: PolicyOptions<Config> = {},
): ResourceValidationPolicy {
  const { name, description, severity, remediationSteps } = policy;
  // The first resource with a reason keeps it, so that a run does not pass because an earlier run reported it.
  const saidAt = new Map<string, string>();
  return {
    name,
    description,
    severity,
    remediationSteps,
    enforcementLevel: options.enforcementLevel ?? policy.enforcementLevel,
    configSchema: toConfigSchema(policy.config),
    async validateResource(args, report) {
      policy.notice?.(args);
      if (!policy.applies(args)) return;
      try {
        await policy.check(readConfig(policy.config, { ...options.config, ...args.getConfig<object>() }), args, report);
      } catch (error) {
        // The server turns it into an advisory.
        if (error instanceof UnknownValueError) throw error;
        const message = explainError(name, error);
        const first = saidAt.get(message) ?? args.urn;
        saidAt.set(message, first);
        if (first === args.urn) report(message);
      }
    },
  };
}

/**
 * Checks the configuration of a policy.
 *
 * @throws {@link PolicyConfigurationError} with every problem.
 */
export function readConfig<Config extends z.ZodObject>(
  schema: Config,
  given: Readonly<Record<string, unknown>>,
): z.output<Config> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const keys = Object.keys(schema.shape);
  throw new PolicyConfigurationError(parsed.error.issues.map((issue) => describeIssue(issue, keys)));
}

function describeIssue(issue: z.core.$ZodIssue, keys: readonly string[]): string {
  const { path, message } = issue;
  if (path.length > 0) return `${path.join(".")}: ${message}`;
  if (issue.code !== "unrecognized_keys") return message;
  const allowed = keys.length === 0 ? "it has none" : `it has ${keys.join(", ")}`;
  return `${issue.keys.map((key) => quote(key)).join(", ")}: no such key; beside enforcementLevel ${allowed}`;
}

/** An error as a violation. Any class of error: what a policy calls has errors of its own. */
function explainError(policy: string, error: unknown): string {
  if (error instanceof PolicyConfigurationError) {
    return explained({
      what: `The policy ${policy} cannot judge with its configuration: ${error.message}.`,
      fix: `Fix it under "${policy}" in the file given with --policy-pack-config (docs/policy.md), or disable the policy there.`,
    });
  }
  return `The policy ${policy} cannot judge: ${error instanceof Error ? error.message : String(error)}`;
}

/**
 * The schema in the engine's form. Required fields are left to {@link readConfig}, because the engine would require
 * them for disabled policies as well.
 */
export function toConfigSchema(schema: z.ZodObject): PolicyConfigSchema {
  const { properties } = z.toJSONSchema(schema, { io: "input" });
  return { properties: JSON.parse(JSON.stringify(properties ?? {})) };
}
