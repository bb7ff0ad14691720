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

/** What whoever assembles a pack decides for a policy; the engine's configuration comes after it. */
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
  /** Sees every resource of a run, before any question is asked. */
  readonly notice?: (args: ResourceValidationArgs) => void;
  /** Whether the policy is about the resource. For others the configuration is not even read. */
  readonly applies: (args: ResourceValidationArgs) => boolean;
  /**
   * The wrapper around the decision. Lets an `UnknownValueError` through: the server reports it as advisory. Any other
   * error is a violation.
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
 * Makes a policy for the SDK. Whatever keeps it from judging is a violation, at its own level: nothing passes because
 * nobody could look. The same reason is said once in a run, for a trust document with a problem has it everywhere.
 */
export function resourcePolicy<Config extends z.ZodObject>(
  policy: ResourcePolicy<Config>,
  options: PolicyOptions<Config> = {},
): ResourceValidationPolicy {
  const { name, description, severity, remediationSteps } = policy;
  // The resource that has a reason first keeps it, so that a run does not pass because an earlier one has said it.
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
        // The server makes an advisory of it.
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
      fix: `Correct it under "${policy}" in the file given with --policy-pack-config (docs/policy.md), or disable the policy there.`,
    });
  }
  return `The policy ${policy} cannot judge: ${error instanceof Error ? error.message : String(error)}`;
}

/**
 * The schema as the engine takes it. What is required is left to {@link readConfig}, for the engine would ask it of
 * disabled policies as well.
 */
export function toConfigSchema(schema: z.ZodObject): PolicyConfigSchema {
  const { properties } = z.toJSONSchema(schema, { io: "input" });
  return { properties: JSON.parse(JSON.stringify(properties ?? {})) };
}
