import { basename, extname } from "node:path";
import { text } from "node:stream/consumers";
import type { Place } from "../../trust/position";
import { contents } from "../../trust/quote";
import { parseYaml, readYaml, TrustFileError, type YamlContents } from "../../trust/read";
import { asFields } from "../../trust/unchecked-value";
import { isMeantAsTrustDocument } from "../../trust/unknown-key";
import { UsageError } from "../lib/errors";
import { TRUST_FILE } from "./options";

interface Contents {
  readonly file: string;
  readonly value: unknown;
  /** Finds where everything in the file is. */
  readonly places?: () => readonly Place[];
}

/** A file that defines whom an environment trusts; its content is not validated yet. */
export type TrustFile =
  | ({ readonly kind: "trust-document" } & Contents)
  | ({ readonly kind: "stack"; readonly stack: string } & Contents);

/** How messages name what comes from standard input. */
const STANDARD_INPUT = "standard input";

/**
 * Reads a trust document, or a stack's file of Pulumi: `Pulumi.<stack>.yaml`, or any file with the key `config`.
 *
 * @throws `TrustFileError` for a syntax error in YAML or JSON; {@link UsageError} for a file that cannot be read and for any
 * other kind of file, such as a project's.
 */
export async function readTrustFile(file: string): Promise<TrustFile> {
  return toTrustFile(file, await readAny(file));
}

/** The same from standard input. */
export async function readTrustInput(): Promise<TrustFile> {
  return toTrustFile(STANDARD_INPUT, parseYaml(STANDARD_INPUT, await text(process.stdin)));
}

function toTrustFile(file: string, { value, places }: YamlContents): TrustFile {
  const { config, runtime } = asFields(value);
  if (runtime !== undefined) {
    throw new UsageError(
      `${file} is the file of a Pulumi project. Give that of a stack: Pulumi.<stack>.yaml, or a trust document.`,
    );
  }
  const stack = /^Pulumi\.(.+)\.(?:ya?ml|json)$/.exec(basename(file))?.[1];
  if (stack !== undefined || config !== undefined) {
    return { kind: "stack", file, stack: stack ?? basename(file), value, places };
  }
  if (!isMeantAsTrustDocument(Object.keys(asFields(value)))) throw otherKind(file, value);
  return { kind: "trust-document", file, value, places };
}

async function readAny(file: string): Promise<YamlContents> {
  try {
    return await readYaml(file);
  } catch (error) {
    if (!(error instanceof TrustFileError)) throw error;
    // For a file with an extension of YAML or JSON, the position of the error helps most.
    if (error.position !== undefined && /^\.(?:ya?ml|json)$/i.test(extname(file))) throw error;
    const found = error.position === undefined ? error.message : `${file} is neither YAML nor JSON.`;
    throw new UsageError(`${found} Give ${TRUST_FILE}.`, { cause: error });
  }
}

function otherKind(file: string, value: unknown): UsageError {
  const isEmpty = value === undefined || value === null;
  return new UsageError(
    [
      isEmpty
        ? `${file} is empty, or has nothing but comments.`
        : `${file} is neither a trust document nor a stack's file. It ${contents(value)}.`,
      "  A trust document has the keys registries and statements, a stack's file (Pulumi.<stack>.yaml) the key config.",
    ].join("\n"),
  );
}
