import type * as z from "zod";
import type { Finding, Problem } from "./problem";
import { formatPath } from "./problem";
import { withoutUndefined } from "./text/without-undefined";
import { asFields, valueAt } from "./unchecked-value";
import { unknownKeyFinding } from "./unknown-key";

const typeNames = new Map([
  ["string", "text"],
  ["array", "a list"],
  ["object", "a mapping"],
]);

function typeFinding(path: readonly PropertyKey[], value: unknown, expected: string): Finding {
  if (value === undefined) return { message: "is required" };
  if (path.at(-2) === "require") {
    return {
      message: "must be a mapping",
      allowed: "identities, and atLeast if more than one of them must have signed",
      fix: 'Write "- identities: [...]" for each entry.',
    };
  }
  const fix = typeFix(value, expected);
  return withoutUndefined({ message: `must be ${typeNames.get(expected) ?? expected}`, fix });
}

function typeFix(value: unknown, expected: string): string | undefined {
  if (value === null) return "Give it a value, or remove the key if it may be left out.";
  return expected === "string" && Array.isArray(value) ? "Give one value, not a list." : undefined;
}

function toFinding(issue: z.core.$ZodIssue, value: unknown): Finding {
  if (issue.code === "custom") return issue.params?.finding ?? { message: issue.message };
  if (issue.code === "invalid_type") return typeFinding(issue.path, value, issue.expected);
  if (issue.code === "too_small") return { message: "must have at least one entry" };
  return { message: `is not valid: ${issue.message}` };
}

/** Replaces a value that may be a misplaced password: the problem is printed, in CI where many can read it. */
const NOT_SHOWN = "(not shown)";

function isOfRegistry(path: readonly PropertyKey[]): boolean {
  return path[0] === "registries" && path.length > 1;
}

function shownValue(path: readonly PropertyKey[], value: unknown): unknown {
  if (!isOfRegistry(path) || path.at(-1) !== "credentials" || value === undefined || value === null) return value;
  return typeof value === "string" && value.startsWith("arn:") ? value : NOT_SHOWN;
}

/** The findings of the schema, as problems of the document `root`. */
export function shapeProblems(root: unknown, issues: readonly z.core.$ZodIssue[]): readonly Problem[] {
  return issues.flatMap((issue): Problem[] => {
    const value = valueAt(root, issue.path);
    if (issue.code !== "unrecognized_keys")
      return [{ path: formatPath(issue.path), value: shownValue(issue.path, value), ...toFinding(issue, value) }];
    return issue.keys.map((key) => ({
      path: formatPath([...issue.path, key]),
      value: isOfRegistry(issue.path) ? NOT_SHOWN : asFields(value)[key],
      ...unknownKeyFinding(issue.path, key),
    }));
  });
}
