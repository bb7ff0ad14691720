import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { PACKAGE_ROOT } from "../package-root";
import { cacheFolder } from "./cache";
import { RequirementMissingError } from "./go";

const run = promisify(execFile);

/** Java libraries from Maven Central with their dependencies, as a `pom.xml` of this repository lists them. */
export interface Jars {
  readonly name: string;
  /** Folder of the `pom.xml`, from the root of the checkout. */
  readonly folder: string;
}

/** AWS's DynamoDB Local, with its native SQLite library. */
export const dynamodbLocal: Jars = { name: "dynamodb-local", folder: "tests/aws/dynamodb-local" };

/** The library with which EventBridge matches events. */
export const eventRuler: Jars = { name: "event-ruler", folder: "tests/aws/event-ruler" };

/** Whether the cache has the libraries, so that {@link fetchJars} takes no time. */
export async function areFetched(jars: Jars): Promise<boolean> {
  return existsSync(await cachedFolder(jars));
}

/**
 * Fetches libraries into the cache folder and gives their folder, for `java -cp 'FOLDER/*'`.
 * The path has a digest of the `pom.xml`, so unchanged libraries are not fetched again.
 *
 * @throws RequirementMissingError if a JDK or Maven is not installed.
 */
export async function fetchJars(jars: Jars): Promise<string> {
  await requireCommand("javac", "-version", "default-jdk-headless");
  const folder = await cachedFolder(jars);
  if (existsSync(folder)) return folder;

  await requireCommand("mvn", "-version", "maven");
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    await copyInto(unfinished, jars);
    await rename(unfinished, folder).catch((error: NodeJS.ErrnoException) => {
      // Another process has fetched the same libraries meanwhile.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** Copies all dependencies. Native libraries do not go on a class path, but Maven copies them too: their type is not `jar`. */
async function copyInto(target: string, { folder }: Jars): Promise<void> {
  const args = ["--batch-mode", "--quiet", "--file", findPom(folder), "dependency:copy-dependencies"];
  await run("mvn", [...args, "-DincludeScope=runtime", `-DoutputDirectory=${target}`]).catch(
    (error: Error & { stdout?: string }) => {
      throw new Error(`Maven could not fetch the libraries of ${folder}/pom.xml:\n${error.stdout || error.message}`);
    },
  );
}

async function requireCommand(command: string, argument: string, aptPackage: string): Promise<void> {
  await run(command, [argument]).catch(() => {
    throw new RequirementMissingError(`${command} is not installed. Install ${aptPackage} and retry.`);
  });
}

async function cachedFolder({ name, folder }: Jars): Promise<string> {
  const digest = createHash("sha256").update(await readFile(findPom(folder)));
  return join(cacheFolder(), "java", `${name}-${digest.digest("hex").slice(0, 16)}`);
}

function findPom(folder: string): string {
  return join(PACKAGE_ROOT, folder, "pom.xml");
}
