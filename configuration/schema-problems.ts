import type * as z from "zod";
import { formatPath } from "../trust/problem";
import { suggestKey } from "../trust/suggest-key";
import { valueAt } from "../trust/unchecked-value";
import { orderValueHelp } from "./order-values";
import { type ConfigurationProblem, formatKey, HIDDEN, NAMESPACE, shown } from "./problem";
import { SECRET_KEYS } from "./schema";

/** Looks up keys of the configuration. */
export interface KnownKeys {
  /** The keys that the mapping at a path may have. */
  readonly at: (path: readonly PropertyKey[]) => readonly string[];
  /** The path of the only key with this name, at any depth. */
  readonly findKeyPath: (name: string) => string | undefined;
}

/** The issues of a zod schema as problems of the configuration `root`. */
export function schemaProblems(
  root: unknown,
  issues: readonly z.core.$ZodIssue[],
  secretKeys: ReadonlySet<string>,
  keys: KnownKeys,
): readonly ConfigurationProblem[] {
  return issues.flatMap((issue): ConfigurationProblem[] => {
    const value = valueAt(root, issue.path);
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => unknownKey([...issue.path, key], keys));
    }
    const place = { key: formatKey(issue.path), value: shown(value, String(issue.path[0]), secretKeys) };
    return [{ ...place, message: formatIssue(issue, value), ...orderValueHelp(formatPath(issue.path)) }];
  });
}

function unknownKey(path: readonly PropertyKey[], keys: KnownKeys): ConfigurationProblem {
  const known = keys.at(path.slice(0, -1));
  return {
    key: formatKey(path),
    // The value of an unknown key may be a secret.
    value: HIDDEN,
    message: "is not a key of the configuration",
    allowed: known.join(", "),
    fix: suggestKeyFix(path, known, keys),
  };
}

/** Suggests the correct spelling of a key that belongs here, or the place of a key that belongs elsewhere. */
function suggestKeyFix(
  path: readonly PropertyKey[],
  known: readonly string[],
  { findKeyPath: placeOf }: KnownKeys,
): string {
  const written = String(path.at(-1));
  const meant = suggestKey(written, known) ?? onlyEnding(written, known);
  if (meant !== undefined) return `Write ${meant}.`;
  const place = placeOf(written);
  if (place === undefined) return "Remove it.";
  if (SECRET_KEYS.some((key) => key === place)) {
    return `${place} belongs at the top. If it is not encrypted here, treat it as disclosed; remove it, then run: pulumi config set --secret ${place}`;
  }
  const steps = place.split(".");
  const parent = steps.slice(0, -1).join(".");
  if (parent === "") return `It belongs at the top: write ${NAMESPACE}:${place}.`;
  if (parent === formatPath(path.slice(0, -1))) return `Write ${steps.at(-1)}.`;
  return `It belongs under ${parent}. Set it with pulumi config set --path, or write:\n${nested(steps)}`;
}

/** The only one of these keys that ends with a word of at least five letters, such as `maxHours` for `hours`. */
function onlyEnding(written: string, known: readonly string[]): string | undefined {
  const [found, another] = known.filter((key) => key.toLowerCase().endsWith(written.toLowerCase()));
  return written.length < 5 || another !== undefined ? undefined : found;
}

/** A key as it stands in a stack's file, without its value, which may be a secret. */
function nested(steps: readonly string[]): string {
  const last = steps.length - 1;
  return steps
    .map((step, depth) => {
      const indent = " ".repeat(4 + 2 * depth);
      return `${indent}${depth === 0 ? `${NAMESPACE}:` : ""}${step}:${depth === last ? " ..." : ""}`;
    })
    .join("\n");
}

const TYPES = new Map([
  ["string", "text"],
  ["boolean", "true or false"],
  ["array", "a list"],
  ["object", "a mapping"],
]);

function formatIssue(issue: z.core.$ZodIssue, value: unknown): string {
  if (value === undefined) return "is required";
  if (issue.code === "invalid_type" && TYPES.has(issue.expected)) return `must be ${TYPES.get(issue.expected)}`;
  // A list that is required has a message of its own.
  if (issue.code === "too_small" && issue.origin === "array" && !issue.message.startsWith("must")) {
    return "must have at least one entry, or be left out";
  }
  return issue.message;
}
