import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Metafile } from "esbuild";
import { z } from "zod";

const PACKAGE_FOLDER = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/;

const manifestSchema = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string(),
  author: z.union([z.string(), z.object({ name: z.string() })]).optional(),
});

/**
 * The absolute folders of the packages in a bundle, sorted by package name.
 *
 * @param checkout The folder that paths in the metafile are relative to. It may itself be in a `node_modules`.
 */
export function listPackages(metafile: Metafile, checkout: string): readonly string[] {
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  const folders = inputs.flatMap((path) => PACKAGE_FOLDER.exec(resolve(checkout, path))?.[0] ?? []);
  const others = [...new Set(folders)].filter((folder) => folder !== checkout);
  const toName = (folder: string) => folder.slice(folder.lastIndexOf("node_modules"));
  return others.sort((one, other) => (toName(one) < toName(other) ? -1 : 1));
}

/**
 * The licence notices of packages: the licence of each package, and each licence text once.
 *
 * @param legal Licence comments from the packages' files.
 * @throws Error for a package whose manifest has no licence.
 */
export async function thirdPartyNotices(packages: readonly string[], legal: readonly string[]): Promise<string> {
  const licences = await Promise.all(packages.map(readLicence));
  const comments = [...new Set(legal)].sort().filter((text) => text.trim() !== "");
  return [
    noticesText("The JavaScript here holds parts of these packages:", licences),
    ...comments.map((text) => `${"-".repeat(80)}\nLicence comments in these packages' files\n\n${text.trim()}\n`),
  ].join("\n");
}

/** A package that is part of something else, and the texts that must be given on with it. */
export interface Licence {
  readonly title: string;
  readonly texts: readonly string[];
}

/** All titles, and each text once. */
export function noticesText(heading: string, licences: readonly Licence[]): string {
  const holders = new Map<string, string[]>();
  for (const { title, texts } of licences) {
    for (const text of texts) holders.set(text, [...(holders.get(text) ?? []), title]);
  }
  return [
    `${heading}\n`,
    ...licences.map(({ title }) => `  ${title}`),
    ...[...holders].map(([text, names]) => `\n${"-".repeat(80)}\n${names.join("\n")}\n\n${text}`),
    "",
  ].join("\n");
}

async function readLicence(folder: string): Promise<Licence> {
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
