import { basename } from "node:path";
import { fieldsOf } from "../../trust/raw-value";
import { readYaml } from "../../trust/read";
import { UsageError } from "../lib/errors";

/** A file that says whom an environment trusts; its content is checked by nobody yet. */
export type TrustFile =
  | { readonly kind: "trust-document"; readonly file: string; readonly value: unknown }
  | { readonly kind: "stack"; readonly file: string; readonly stack: string; readonly value: unknown };

/**
 * Reads a trust document, or a stack's file of Pulumi: `Pulumi.<stack>.yaml`, or any file with the key `config`.
 *
 * @throws `TrustFileError` if it cannot be read or is no YAML; {@link UsageError} for a project's file.
 */
export async function readTrustFile(file: string): Promise<TrustFile> {
  const value = await readYaml(file);
  const { config, runtime } = fieldsOf(value);
  if (runtime !== undefined) {
    throw new UsageError(
      `${file} is the file of a Pulumi project. Give that of a stack: Pulumi.<stack>.yaml, or a trust document.`,
    );
  }
  const stack = /^Pulumi\.(.+)\.(?:ya?ml|json)$/.exec(basename(file))?.[1];
  if (stack === undefined && config === undefined) return { kind: "trust-document", file, value };
  return { kind: "stack", file, stack: stack ?? basename(file), value };
}
