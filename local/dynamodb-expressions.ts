import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { AwsRefusal } from "./aws-answers";

/** An item of a table, and the values of an expression's placeholders. Only the DynamoDB types that the ledger uses. */
export const itemSchema = z.record(
  z.string(),
  z.union([
    z.strictObject({ S: z.string() }),
    z.strictObject({ N: z.string() }),
    z.strictObject({ BOOL: z.boolean() }),
  ]),
);

export type Item = z.infer<typeof itemSchema>;
type Value = NonNullable<Item[string]>;

/**
 * Whether an item meets a condition: conjunctions joined by OR. A conjunction may have parentheses, where they change
 * nothing.
 *
 * @throws AwsRefusal for unsupported expressions.
 */
export function fulfils(item: Item, condition: string, values: Item): boolean {
  return condition.split(" OR ").some((alternative) =>
    alternative
      .replace(/^\((.*)\)$/, "$1")
      .split(" AND ")
      .every((term) => holds(item, term, values)),
  );
}

function holds(item: Item, term: string, values: Item): boolean {
  const absent = /^attribute_not_exists\((\w+)\)$/.exec(term)?.[1];
  if (absent !== undefined) return item[absent] === undefined;
  const [, name = "", operator, placeholder = ""] = /^(\w+) (=|<|>) (:\w+)$/.exec(term) ?? notPlayed(term);
  const [given, wanted] = [item[name], valueFor(values, placeholder)];
  if (given === undefined) return false;
  if (operator === "=") return isDeepStrictEqual(given, wanted);
  const [one, other] = "S" in given && "S" in wanted ? [given.S, wanted.S] : [toNumber(given), toNumber(wanted)];
  return operator === "<" ? one < other : one > other;
}

/**
 * The item after an update.
 *
 * @throws AwsRefusal for unsupported expressions.
 */
export function updated(item: Item, expression: string, values: Item): Item {
  const clauses = expression.split(/ (?=(?:SET|REMOVE|ADD) )/).flatMap((part) => {
    const [, action, list = ""] = /^(\w+) (.+)$/.exec(part) ?? notPlayed(part);
    // Does not split at the comma between the parameters of a function.
    return list.split(/, (?![^(]*\))/).map((clause) => `${action} ${clause}`);
  });
  return clauses.reduce((changed, clause) => change(changed, clause, values), item);
}

function change(item: Item, clause: string, values: Item): Item {
  for (const [form, next] of CLAUSES) {
    const [match, name = "", placeholder] = form.exec(clause) ?? [];
    if (match === undefined) continue;
    const { [name]: old, ...others } = item;
    const value = next(old, placeholder === undefined ? undefined : valueFor(values, placeholder));
    return value === undefined ? others : { ...others, [name]: value };
  }
  return notPlayed(clause);
}

/** The new value of an attribute, from the old one and the given value. */
type Next = (old: Value | undefined, given: Value | undefined) => Value | undefined;

const CLAUSES: readonly (readonly [form: RegExp, next: Next])[] = [
  [/^SET (\w+) = (:\w+)$/, (_, given) => given],
  [/^SET (\w+) = if_not_exists\(\1, (:\w+)\)$/, (old, given) => old ?? given],
  [/^REMOVE (\w+)$/, () => undefined],
  [/^ADD (\w+) (:\w+)$/, (old, given) => ({ N: String(toNumber(old) + toNumber(given)) })],
];

function valueFor(values: Item, placeholder: string): Value {
  return values[placeholder] ?? notPlayed(placeholder);
}

/** A missing value counts as 0, like in ADD. */
function toNumber(value: Value | undefined): number {
  if (value === undefined) return 0;
  return "N" in value ? Number(value.N) : notPlayed(JSON.stringify(value));
}

function notPlayed(what: string): never {
  throw new AwsRefusal("ValidationException", `"${what}" is not played here`);
}
