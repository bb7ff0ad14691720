import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Metafile } from "esbuild";
import { z } from "zod";

const manifestSchema = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string(),
  author: z.union([z.string(), z.object({ name: z.string() })]).optional(),
});

/** Folders of the packages that a bundle has parts of, from the root of the checkout, sorted. */
export function packagesOf(metafile: Metafile): readonly string[] {
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  const folders = inputs.flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  return [...new Set(folders)].sort();
}

/**
 * The licence notices of packages: which package is under which licence, and each text once.
 *
 * @param legal comments with licences that the packages' files themselves hold.
 * @throws Error for a package that does not say its licence.
 */
export async function thirdPartyNotices(
  checkout: string,
  packages: readonly string[],
  legal: readonly string[],
): Promise<string> {
  const titles: string[] = [];
  const holders = new Map<string, string[]>();
  for (const folder of packages) {
    const { title, texts } = await licenceOf(join(checkout, folder));
    titles.push(title);
    for (const text of texts) holders.set(text, [...(holders.get(text) ?? []), title]);
  }
  const comments = [...new Set(legal)].sort().filter((text) => text.trim() !== "");
  return [
    "The JavaScript here holds parts of these packages:\n",
    ...titles.map((title) => `  ${title}`),
    ...[...holders].map(([text, names]) => `\n${"-".repeat(80)}\n${names.join("\n")}\n\n${text}`),
    ...comments.map((text) => `\n${"-".repeat(80)}\nLicence comments in these packages' files\n\n${text.trim()}`),
    "",
  ].join("\n");
}

async function licenceOf(folder: string): Promise<{ readonly title: string; readonly texts: readonly string[] }> {
  const file = join(folder, "package.json");
  const manifest = manifestSchema.safeParse(JSON.parse(await readFile(file, "utf8")));
  if (!manifest.success) throw new Error(`${file} does not say the package's licence: ${manifest.error.message}`);
  const { name, version, license, author } = manifest.data;
  const by = author === undefined ? "" : `, by ${typeof author === "string" ? author : author.name}`;
  const names = (await readdir(folder)).filter((entry) => /^(?:licen[cs]e|notice)(?:\.\w+)?$/i.test(entry)).sort();
  const texts = await Promise.all(names.map((entry) => readFile(join(folder, entry), "utf8")));
  return {
    title: `${name} ${version} (${license}${by})`,
    texts: texts.map((text) => text.replace(/\r\n/g, "\n").trim()),
  };
}
