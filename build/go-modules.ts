import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Licence } from "./notices";

const run = promisify(execFile);

/** A Go module with its exact version. */
export interface GoModule {
  readonly path: string;
  readonly version: string;
}

/** What Go has written into a program when it built it. */
export interface GoBuild {
  /** Of Go itself, and so of its standard library: `1.26.0`. */
  readonly goVersion: string;
  /** All that is linked into the program, without the program's own module. */
  readonly modules: readonly GoModule[];
}

/** Reads what an executable is made of, for whatever platform it is. */
export async function readGoBuild(executable: string): Promise<GoBuild> {
  const { stdout } = await run("go", ["version", "-m", executable]);
  return parseGoBuild(stdout);
}

/** Parses the output of `go version -m`. A line `=>` replaces the module before it. */
export function parseGoBuild(text: string): GoBuild {
  const [first = "", ...lines] = text.split("\n");
  const [, goVersion] = /: go(\d+\.\d+(?:\.\d+)?)/.exec(first) ?? [];
  if (goVersion === undefined) throw new Error(`This is no program of Go: ${first}`);
  const modules: GoModule[] = [];
  for (const line of lines) {
    const [kind, path = "", version = ""] = line.trim().split("\t");
    if (kind === "=>") modules.pop();
    if (kind === "dep" || kind === "=>") modules.push({ path, version });
  }
  return { goVersion, modules };
}

/** What the builds of one program for several platforms are made of together. */
export function mergeBuilds(builds: readonly GoBuild[]): GoBuild {
  const goVersions = new Set(builds.map(({ goVersion }) => goVersion));
  const [goVersion, ...others] = goVersions;
  if (goVersion === undefined || others.length > 0)
    throw new Error(`Not built by one Go: ${[...goVersions].join(", ")}`);
  const modules = new Map(
    builds.flatMap((build) => build.modules.map((module) => [`${module.path} ${module.version}`, module])),
  );
  return { goVersion, modules: [...modules.values()] };
}

/** The licences of modules, from the copies that Go has built with, and that of Go's standard library. */
export async function readGoLicences(
  moduleFolder: string,
  { goVersion, modules }: GoBuild,
): Promise<readonly Licence[]> {
  const go = async (...args: string[]) => (await run("go", args, { cwd: moduleFolder })).stdout.trim();
  const root = await go("env", "GOROOT");
  const licences = [{ title: `Go ${goVersion}`, texts: await licenceTexts(root) }];
  if (modules.length === 0) return licences;
  const listed = await go("list", "-m", "-f", "{{.Path}}\t{{.Dir}}", ...modules.map(({ path }) => path));
  const folders = new Map(listed.split("\n").map((line) => line.split("\t") as [string, string]));
  for (const { path, version } of modules) {
    const texts = await licenceTexts(folders.get(path) ?? "");
    if (texts.length === 0) throw new Error(`${path} ${version} has no licence that could be given on.`);
    licences.push({ title: `${path} ${version}`, texts });
  }
  return licences;
}

async function licenceTexts(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) =>
    /^(?:licen[cs]e|copying|notice|patents)(?:[.-]\w+)*$/i.test(name),
  );
  const texts = await Promise.all(names.sort().map((name) => readFile(join(folder, name), "utf8")));
  return texts.map((text) => text.replace(/\r\n/g, "\n").trim());
}
