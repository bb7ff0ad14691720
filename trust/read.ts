import { readFile, stat } from "node:fs/promises";
import { type Alias, type Document, LineCounter, type Node, parseDocument, visit, type YAMLError } from "yaml";
import type { ParseOptions, TrustDocument } from "./document";
import { parseTrustDocument } from "./document";
import type { Place } from "./position";
import { placesIn } from "./positions";
import { TrustDocumentError } from "./problem";
import { quote } from "./quote";
import { type ErrorCause, type Fault, FixableError } from "./text/fixable-error";
import { whyUnreadable } from "./unreadable-file";

/** A file that is not readable YAML or JSON. Wrong content is a `TrustDocumentError`. */
export class TrustFileError extends FixableError {
  override readonly name = "TrustFileError";

  constructor(
    readonly file: string,
    reason: string,
    /** Where in the file, both counted from 1. */
    readonly position?: { readonly line: number; readonly column: number },
    options?: ErrorCause,
  ) {
    const place = position === undefined ? file : `${file}, line ${position.line}, column ${position.column}`;
    super(`${place}: ${reason}`, options);
  }

  get fault(): Fault {
    return "input";
  }
}

const longestFile = 256 * 1024;
// YAML aliases may repeat a little content; more is an attempt to exhaust memory.
const maxAliasCount = 50;

const plainReasons = new Map([
  ["DUPLICATE_KEY", "The same key appears twice in one mapping. Remove one of them."],
  ["NON_STRING_KEY", "A key of a mapping must be text."],
  ["TAB_AS_INDENT", "The line starts with a tab. Indent YAML with spaces only."],
  ["BAD_ALIAS", 'In YAML, a value that begins with * is an alias. Write "*" in quotes.'],
  [
    "BAD_INDENT",
    'The line is not indented like its neighbours. The entries of a list or mapping start in the same column, each entry of a list with "- ".',
  ],
  [
    "BLOCK_AS_IMPLICIT_KEY",
    'A list or mapping starts where none can. Check that each entry of a list starts with "- ", and that all are indented alike.',
  ],
  [
    "MISSING_CHAR",
    'A character is missing. Write a key as "key: value", with a space after the colon, and close quotes and brackets.',
  ],
  ["MULTILINE_IMPLICIT_KEY", 'A key must be followed by a colon and a space on the same line: "key: value".'],
  ["MULTIPLE_DOCS", "The file has more than one YAML document. Keep one trust document in each file."],
]);

/** JSON is read as YAML, but advice on how to indent does not help there. */
function reasonOf(file: string, { code, message }: YAMLError): string {
  if (/\.json$/i.test(file) && code !== "DUPLICATE_KEY")
    return "This is not JSON. In JSON, keys and texts are in double quotes, commas are between entries, and each bracket is closed.";
  return plainReasons.get(code) ?? message;
}

function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What a file of YAML or JSON contains. */
export interface YamlContents {
  /** Not checked. */
  readonly value: unknown;
  /** Finds where everything is. */
  readonly places: () => readonly Place[];
}

async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    checkSize(file, size);
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof TrustFileError) throw error;
    throw new TrustFileError(file, whyUnreadable(file, error), undefined, { cause: error });
  }
}

function checkSize(file: string, size: number): void {
  if (size <= longestFile) return;
  throw new TrustFileError(file, `The file has ${size} bytes; at most ${longestFile} are read.`);
}

function toValue(file: string, document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount });
  } catch (error) {
    const reason = `The YAML aliases cannot be resolved: ${toMessage(error)}. Write the document without aliases.`;
    throw new TrustFileError(file, reason, undefined, { cause: error });
  }
}

interface AliasProblem {
  readonly alias: Alias;
  readonly reason: string;
}

/** The first alias that cannot be replaced by a value. */
function aliasProblem(document: Document.Parsed): AliasProblem | undefined {
  let found: AliasProblem | undefined;
  // In one pass: `alias.resolve` would look through the document for each alias.
  const anchors = new Map<string, Node>();
  visit(document, {
    Value(_, node) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
    Alias(_, alias, ancestors) {
      const target = anchors.get(alias.source);
      if (target !== undefined && !ancestors.includes(target)) return undefined;
      const { source } = alias;
      const reason =
        target === undefined
          ? `In YAML, a value that begins with * is an alias, and nothing above has the anchor ${quote(`&${source}`)}. Write ${quote(`*${source}`)} in quotes.`
          : `The alias ${quote(`*${source}`)} stands for something that contains it. Write the document without aliases.`;
      found = { alias, reason };
      return visit.BREAK;
    },
  });
  return found;
}

function positionAt(lines: LineCounter, offset: number) {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

/**
 * Reads the text of a YAML or JSON file.
 *
 * @param file its name, for messages.
 * @throws {@link TrustFileError}
 */
export function parseYaml(file: string, text: string): YamlContents {
  checkSize(file, Buffer.byteLength(text));
  const lines = new LineCounter();
  // JSON is valid YAML, so one reader handles both. Warnings are unknown tags: rejected, not guessed.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    resolveKnownTags: false,
    // "silent" would also silence the error for a second document in the file.
    logLevel: "error",
  });
  const [first] = [...document.errors, ...document.warnings];
  if (first !== undefined) {
    const reason = reasonOf(file, first);
    throw new TrustFileError(file, reason, positionAt(lines, first.pos[0]), { cause: first });
  }
  const dangling = aliasProblem(document);
  if (dangling !== undefined) {
    throw new TrustFileError(file, dangling.reason, positionAt(lines, dangling.alias.range?.[0] ?? 0));
  }
  return { value: toValue(file, document), places: () => placesIn(document, lines) };
}

/**
 * Reads a YAML or JSON file; its content is not checked.
 *
 * @throws {@link TrustFileError}
 */
export async function readYaml(file: string): Promise<YamlContents> {
  return parseYaml(file, await readText(file));
}

/**
 * Reads a trust document from a YAML or JSON file.
 *
 * @throws {@link TrustFileError} if the file cannot be read or is not YAML, with line and column;
 * {@link TrustDocumentError}, naming the file, if its content is not a trust document.
 */
export async function readTrustDocument(file: string, options: ParseOptions = {}): Promise<TrustDocument> {
  return parseTrustText(file, await readText(file), options);
}

/**
 * The same for a text that has been read, or written in a program.
 *
 * @param file What the text is called, for messages.
 * @throws as {@link readTrustDocument}
 */
export function parseTrustText(file: string, text: string, options: ParseOptions = {}): TrustDocument {
  const { value } = parseYaml(file, text);
  try {
    return parseTrustDocument(value, options);
  } catch (error) {
    throw error instanceof TrustDocumentError ? new TrustDocumentError(error.problems, file) : error;
  }
}
