import { quote } from "../trust/quote";
import { identityLists } from "../trust/signers";
import { asFields, asList } from "../trust/unchecked-value";
import { type ConfigurationProblem, formatKey } from "./problem";

/** Prefix of an identity that is another stack's signing profile. */
const PREFIX = "stack:";
const GRAMMAR = /^stack:(?:[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+\/)?[A-Za-z0-9_.-]+$/;

/** The output of the other stack with the ARN of its signing profile. */
export const PROFILE_OUTPUT = "signingProfileArn";

/** An identity of the trust document that names another stack. */
export interface StackIdentity {
  /** The identity as written: `stack:NAME` or `stack:ORGANIZATION/PROJECT/NAME`. */
  readonly text: string;
  readonly path: readonly PropertyKey[];
  /** Index of its statement in the trust document. */
  readonly statement: number;
}

/** The identities that are other stacks' signing profiles. `trust` may be unchecked. */
export function stackIdentities(trust: unknown): readonly StackIdentity[] {
  return asList(asFields(trust).statements).flatMap((statement, index) =>
    identityLists(statement).flatMap(({ path, entries }) =>
      entries.flatMap((text, position) =>
        isStackIdentity(text)
          ? [{ text, statement: index, path: ["trust", "statements", index, ...path, position] }]
          : [],
      ),
    ),
  );
}

/** Also matches another letter case, such as `Stack:`, so that {@link stackIdentityProblems} can refuse it with a fix. */
function isStackIdentity(value: unknown): value is string {
  return typeof value === "string" && value.toLowerCase().startsWith(PREFIX);
}

/** The problems of identities that do not name a stack correctly. */
export function stackIdentityProblems(identities: readonly StackIdentity[]): readonly ConfigurationProblem[] {
  return identities
    .filter(({ text }) => !GRAMMAR.test(text))
    .map(({ text, path }) => ({
      key: formatKey(path),
      value: text,
      message: "does not name a stack",
      allowed: "stack:NAME for a stack of this project, or stack:ORGANIZATION/PROJECT/NAME",
      ...suggestFix(text),
    }));
}

function suggestFix(text: string): Pick<ConfigurationProblem, "fix"> {
  const meant = PREFIX + text.slice(PREFIX.length).trim();
  return meant !== text && GRAMMAR.test(meant) ? { fix: `Write ${quote(meant)}.` } : {};
}

/** The trust document with ARNs instead of other stacks. Values of an unexpected shape are left unchanged. */
export function withStackIdentities(trust: unknown, arnOf: (text: string) => string): unknown {
  const fields = asFields(trust);
  if (!Array.isArray(fields.statements)) return trust;
  const withArns = (holder: unknown): unknown => {
    const { identities } = asFields(holder);
    if (!Array.isArray(identities)) return holder;
    return {
      ...asFields(holder),
      identities: identities.map((text: unknown) => (isStackIdentity(text) ? arnOf(text) : text)),
    };
  };
  const statements = fields.statements.map((statement: unknown) => {
    const { require } = asFields(statement);
    if (!Array.isArray(require)) return withArns(statement);
    return { ...asFields(withArns(statement)), require: require.map(withArns) };
  });
  return { ...fields, statements };
}

/**
 * The full name of the stack that an identity names.
 *
 * @param home Organization and project of the stack that trusts it.
 */
export function toStackName(text: string, home: { readonly organization: string; readonly project: string }): string {
  const name = text.slice(PREFIX.length);
  return name.includes("/") ? name : `${home.organization}/${home.project}/${name}`;
}
