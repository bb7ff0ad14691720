import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { bundleHandlers } from "../build/bundle";

/** What the verifier's image is built from. */
export interface VerifierSource {
  /** The build context: a folder with a Dockerfile. */
  readonly context: string;
  /** SHA-256 of everything in it that the image depends on, in hex. */
  readonly contentHash: string;
}

const CONTEXT = resolve(__dirname, "../verifier");

/** Bundles the handlers of this checkout, and gives the context with a hash of its contents. */
export async function prepareVerifierSource(): Promise<VerifierSource> {
  await bundleHandlers();
  return { context: CONTEXT, contentHash: await hashContext(CONTEXT) };
}

/** Hash of what the Dockerfile copies: itself, the Go module without its tests, and the bundle. */
export async function hashContext(context: string): Promise<string> {
  const inFolder = async (folder: string) => (await readdir(join(context, folder))).map((name) => `${folder}/${name}`);
  const go = (await inFolder("notation")).filter((file) => /(?:\.go|\/go\.mod|\/go\.sum)$/.test(file));
  const files = [
    "Dockerfile",
    ".dockerignore",
    ...go.filter((file) => !file.endsWith("_test.go")),
    ...(await inFolder("dist")),
  ];
  const hash = createHash("sha256");
  for (const file of files.sort()) {
    const content = await readFile(join(context, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/** The tag of an image: of its contents, arguments and platform, so that another image never gets the same. */
export function imageTag(contentHash: string, args: Readonly<Record<string, string>>, platform: string): string {
  const sorted = Object.entries(args).sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([contentHash, platform, sorted]))
    .digest("hex")
    .slice(0, 32);
}
