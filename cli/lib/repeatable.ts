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
