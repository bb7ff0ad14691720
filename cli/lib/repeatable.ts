const REPEATABLE = new WeakSet<object>();

/** Marks what reads the values of an option that may be given several times: it gets what was read before. */
export function repeatable<Parser extends (text: string, before: never) => unknown>(parser: Parser): Parser {
  REPEATABLE.add(parser);
  return parser;
}

/** Whether a parser of an option was marked by {@link repeatable}. */
export function isRepeatable(parser: object | undefined): boolean {
  return parser !== undefined && REPEATABLE.has(parser);
}
