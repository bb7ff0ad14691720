import { UsageError } from "./errors";

const REPEATABLE = new WeakSet<object>();

/** Marks the parser of an option that may be given several times: it receives the previous result. */
export function repeatable<Parser extends (text: string, before: never) => unknown>(parser: Parser): Parser {
  REPEATABLE.add(parser);
  return parser;
}

/** Whether a parser of an option was marked by {@link repeatable}. */
export function isRepeatable(parser: object | undefined): boolean {
  return parser !== undefined && REPEATABLE.has(parser);
}

/**
 * The parser of a repeatable option that collects what `parse` makes of each text.
 *
 * @throws {@link UsageError} for a value that is given twice, by what `isSame` says.
 */
export function collect(
  option: string,
  parse: (text: string) => string = (text) => text,
  isSame: (one: string, other: string) => boolean = (one, other) => one === other,
) {
  return repeatable((text: string, before: readonly string[] = []): readonly string[] => {
    const value = parse(text);
    const same = before.find((other) => isSame(value, other));
    if (same === undefined) return [...before, value];
    throw new UsageError(`${option} ${value} is given twice${same === value ? "" : `, before as ${same}`}.`);
  });
}
