import { formatPath, type Problem, TrustDocumentError } from "../trust/problem";
import { show } from "../trust/quote";
import {
  type Explanation,
  explainedInLines,
  explainedTogether,
  type Fault,
  FixableError,
} from "../trust/text/fixable-error";
import { SECRET_KEYS } from "./schema";

/** Namespace of the keys: the name of the Pulumi project. */
export const NAMESPACE = "ecs-image-verification";

/** One thing that is wrong with the configuration of a stack. */
export interface ConfigurationProblem {
  /** The key with its path, such as `ecs-image-verification:trust.statements[0].name`. */
  readonly key: string;
  /** The given value, {@link HIDDEN} for a secret. Undefined if it is missing. */
  readonly value: unknown;
  /** Completes a sentence that begins with the value. */
  readonly message: string;
  readonly allowed?: string | undefined;
  readonly fix?: string | undefined;
}

/** A configuration that cannot be used. Has every problem that was found, not only the first. */
export class ConfigurationError extends FixableError {
  override readonly name = "ConfigurationError";

  constructor(
    readonly problems: readonly ConfigurationProblem[],
    stack: string,
  ) {
    super(explainedTogether(`The configuration of the stack ${stack}`, problems.map(toExplanation)));
  }

  get fault(): Fault {
    return "input";
  }
}

/** Whether a text from Pulumi's output is the message of a {@link ConfigurationError}. */
export function isConfigurationMessage(text: string): boolean {
  return /^The configuration of the stack \S+ has (?:one problem|\d+ problems)\./.test(text);
}

/** Replaces a value that must not be printed. */
export const HIDDEN = Symbol("not printed");

/** A problem as text: the key, what is wrong, what to do. */
export function formatProblem(problem: ConfigurationProblem): string {
  return explainedInLines(toExplanation(problem));
}

function toExplanation({ key, value, message, allowed, fix }: ConfigurationProblem): Explanation {
  const what = `${value === HIDDEN ? "it" : show(value)} ${message.replace(/\.$/, "")}.`;
  return { where: key, what, allowed, fix };
}

/** The key of a value inside the configuration. */
export function formatKey(path: readonly PropertyKey[]): string {
  return path.length === 0 ? NAMESPACE : `${NAMESPACE}:${formatPath(path)}`;
}

/** The value for a problem: {@link HIDDEN} for secrets. */
export function shown(value: unknown, key: string, secretKeys: ReadonlySet<string>): unknown {
  const secret = secretKeys.has(key) || SECRET_KEYS.some((one) => one === key);
  return value !== undefined && secret ? HIDDEN : value;
}

/** The problems of a trust document, with the keys of the configuration, below that of the document. */
export function trustProblems(
  error: unknown,
  document: readonly PropertyKey[] = ["trust"],
): readonly ConfigurationProblem[] {
  if (!(error instanceof TrustDocumentError)) throw error;
  return error.problems.map(({ path, ...problem }: Problem) => ({ key: trustKey(document, path), ...problem }));
}

function trustKey(document: readonly PropertyKey[], path: string): string {
  const dot = path === "" || path.startsWith("[") ? "" : ".";
  return `${formatKey(document)}${dot}${path}`;
}
