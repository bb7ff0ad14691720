const escapes: Readonly<Record<string, string>> = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escapeCharacter(character: string): string {
  return escapes[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

const NOT_PRINTABLE = /[^\x20-\x7e]/gu;

function escapeUnsafe(text: string, unsafe: RegExp, limit: number): string {
  const shown = text.slice(0, limit).replace(unsafe, escapeCharacter);
  return text.length > limit ? `${shown}...` : shown;
}

/**
 * Text in double quotes for a message or a log line: at most `limit` characters, with everything outside printable
 * ASCII escaped, so that text from others cannot break a line or look like other text.
 */
export function quote(text: string, limit = 200): string {
  return `"${escapeUnsafe(text, /[^\x20-\x7e]|["\\]/gu, limit)}"`;
}

/** The same without quotes around it, so that quotes and backslashes stay as they are. */
export function inLine(text: string, limit = 200): string {
  return escapeUnsafe(text, NOT_PRINTABLE, limit);
}

/** What a file contains instead of the expected content: words that continue a sentence after "It". */
export function contents(value: unknown): string {
  if (value === undefined || value === null) return "is empty";
  if (Array.isArray(value)) return "holds a list";
  if (typeof value === "string") return "holds text without keys";
  if (typeof value !== "object") return `holds only ${show(value)}`;
  const keys = Object.keys(value);
  if (keys.length === 0) return "has no keys";
  const named = keys.slice(0, 4).map((key) => quote(key, 40));
  const more = keys.length > named.length ? ", ..." : "";
  return `has the ${keys.length === 1 ? "key" : "keys"} ${named.join(", ")}${more}`;
}

/** Any value for a message: text as in {@link quote}, other values as JSON, shortened and escaped. */
export function show(value: unknown, limit = 200): string {
  if (typeof value === "string") return quote(value, limit);
  if (value === undefined) return "(missing)";
  try {
    return inLine(JSON.stringify(value) ?? String(value), limit);
  } catch {
    // Circular structures and big integers have no JSON.
    return `(${typeof value})`;
  }
}
