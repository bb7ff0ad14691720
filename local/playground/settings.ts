import { readFileSync } from "node:fs";
import { isAbsolute } from "node:path";
import * as z from "zod";
import { parseJson } from "../../trust/text/parse-json";
import { whyUnreadable } from "../../trust/unreadable-file";

const loopbackAddress = z.string().regex(/^127\.0\.0\.1:\d{1,5}$/, "must be 127.0.0.1:PORT");
const loopbackUrl = z.string().regex(/^http:\/\/127\.0\.0\.1:\d{1,5}$/, "must be http://127.0.0.1:PORT");
const path = z.string().refine(isAbsolute, "must be an absolute path");

/**
 * What the command line must know of a playground. Every host is one of this machine: with these settings a command trusts
 * other certificates than AWS's, which must never reach an image that others can pull.
 */
const playgroundSchema = z.strictObject({
  /** The one registry, without TLS. */
  registry: loopbackAddress,
  /** The stand-in for AWS Signer. */
  signerEndpoint: loopbackUrl,
  /** The stand-in for all other services of AWS. */
  awsEndpoint: loopbackUrl,
  region: z.string(),
  plugin: path,
  /** Folder with the root certificate of the stand-in for AWS Signer. */
  trustStore: path,
});

export type PlaygroundSettings = z.infer<typeof playgroundSchema>;

/** The settings of a playground, or why a file does not have them, as words that continue a sentence after its name. */
export function readPlaygroundSettings(
  file: string,
): { readonly settings: PlaygroundSettings } | { readonly problem: string } {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { problem: "is gone: that playground has ended" };
    return { problem: `cannot be read. ${whyUnreadable(file, error)}` };
  }
  const parsed = playgroundSchema.safeParse(parseJson(text));
  if (parsed.success) return { settings: parsed.data };
  const problems = parsed.error.issues.map((issue) => `${issue.path.join(".") || "the whole"}: ${issue.message}`);
  return { problem: `does not have the settings of a playground of this version: ${problems.join("; ")}` };
}
