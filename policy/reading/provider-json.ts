import { quote } from "../../trust/quote";
import { type Fault, FixableError } from "../../trust/text/fixable-error";

/** What the provider and this pack could read differently, so that one would judge what the other does not make. */
export class JsonUnreadableError extends FixableError {
  override readonly name = "JsonUnreadableError";

  get fault(): Fault {
    return "input";
  }
}

export type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads JSON text that the AWS provider reads with Go's encoding/json (terraform-provider-aws,
 * internal/json/decode.go). A duplicate key is rejected: Go reads the second value into the first one and keeps fields
 * that it does not name, while JavaScript drops the first. A second document is rejected too: Go would read it into the
 * first one as well.
 *
 * @throws {@link JsonUnreadableError}
 */
export function readJson(text: string): unknown {
  const value = parse(text);
  const repeated = repeatedKey(text);
  if (repeated !== undefined) throw new JsonUnreadableError(`the key ${quote(repeated)} appears more than once`);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new JsonUnreadableError(`it is not JSON: ${error.message}`, { cause: error });
  }
}

/**
 * The first duplicate key in a mapping, compared exactly; labels and options may differ in case. For valid JSON only.
 */
function repeatedKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, key] of json.matchAll(/[{}]|("(?:[^"\\]|\\.)*")(?=\s*:)|"(?:[^"\\]|\\.)*"/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (key !== undefined) {
      const name = String(JSON.parse(key));
      if (open.at(-1)?.has(name)) return name;
      open.at(-1)?.add(name);
    }
  }
  return undefined;
}

/**
 * A member of a mapping, ignoring case like Go's encoding/json, so `"Image"` counts. Null counts as absent.
 *
 * @throws {@link JsonUnreadableError} if several keys match.
 */
export function member(fields: Fields, key: string): unknown {
  const [found, ...more] = Object.keys(fields).filter((name) => fold(name) === fold(key));
  if (more.length > 0) throw new JsonUnreadableError(`${key} appears more than once`);
  return (found === undefined ? undefined : fields[found]) ?? undefined;
}

/** Go folds case by Unicode: two letters outside of ASCII equal s and k as well (encoding/json, fold.go). */
function fold(key: string): string {
  return key.replaceAll("\u017f", "s").replaceAll("\u212a", "k").toLowerCase();
}

/** @throws {@link JsonUnreadableError} */
export function mapping(value: unknown, what: string): Fields {
  if (isFields(value)) return value;
  throw new JsonUnreadableError(`${what} is not a mapping`);
}

/**
 * The members of a list, each read separately, because a preview may know one and not another.
 *
 * @throws {@link JsonUnreadableError}
 */
export function members<Result>(
  list: unknown,
  what: string,
  visit: (read: () => unknown, index: number) => Result,
): readonly Result[] {
  if (!Array.isArray(list)) throw new JsonUnreadableError(`${what} must be a list`);
  return Array.from({ length: list.length }, (_, index) => visit(() => list[index], index));
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
