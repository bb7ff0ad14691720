import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { skipOrFail as skipTests } from "../../support/skip-or-fail";

/** The `docker` command of Debian's docker.io: it talks to the engine without plugins of its own. */
export const DOCKER = "/usr/bin/docker";

/** What is run, and the Debian package it comes from: the engine, base images, and building AWS's interface client. */
const packages: Readonly<Record<string, string>> = {
  dockerd: "docker.io",
  debootstrap: "debootstrap",
  "g++": "g++",
  make: "make",
  cmake: "cmake",
  python3: "python3",
  xz: "xz-utils",
};

/** What the machine lacks for building and running images, in words; undefined if nothing. */
export function missingForImages(): string | undefined {
  if (process.platform !== "linux") return "Linux";
  if (process.getuid?.() !== 0) return "root, which a Docker engine of our own needs";
  const missing = Object.keys(packages).filter((name) => !isOnPath(name));
  if (!isExecutable(DOCKER)) missing.unshift(DOCKER);
  if (missing.length === 0) return undefined;
  const names = new Set(missing.map((name) => packages[name] ?? "docker.io"));
  return `${missing.join(", ")} (Debian: apt-get install ${[...names].join(" ")})`;
}

/** Skips the tests for want of what {@link missingForImages} gave. */
export function skipOrFail(context: Mocha.Context, missing: string): void {
  skipTests(context, `The image tests need ${missing}.`);
}

function isOnPath(name: string): boolean {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return folders.some((folder) => isExecutable(join(folder, name)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
