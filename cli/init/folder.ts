import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import { PACKAGE_ROOT } from "../../package-root";
import { parseYaml } from "../../trust/read";
import { parseJson } from "../../trust/text/parse-json";
import { asFields } from "../../trust/unchecked-value";
import { whyUnreadable } from "../../trust/unreadable-file";
import { UsageError } from "../lib/errors";
import { printable } from "../lib/printable";

/** The folder that `init` writes into, as it is before. */
export interface TargetFolder {
  /** Absolute. */
  readonly path: string;
  /** Names of what is in it. */
  readonly names: ReadonlySet<string>;
  readonly hasProject: boolean;
  /** Whether it is the folder of this product itself. */
  readonly isOwn: boolean;
  /** Whether its program makes an environment of each stack: that of this product, or one that `init` wrote before. */
  readonly makesEnvironments: boolean;
  /** This product's files as seen from the folder: a path with a slash at its end, or nothing. */
  readonly root: string;
  /** Names of the packages that its package.json asks for. */
  readonly packages: ReadonlySet<string>;
}

/** Where npm puts this product's files. */
const INSTALLED = "node_modules/ecs-image-verification/lib/";

/**
 * Looks at a folder, which need not be there.
 *
 * @throws {@link UsageError} if environments cannot be made there.
 */
export function lookAt(folder: string): TargetFolder {
  const path = resolve(folder);
  const names = new Set(listNames(path));
  const isOwn = existsSync(path) && realpathSync(path) === realpathSync(PACKAGE_ROOT);
  const project = ["Pulumi.yaml", "Pulumi.yml"].find((name) => names.has(name));
  if (project !== undefined && !isOwn) checkRuntime(join(path, project));
  const { type, dependencies, devDependencies } = names.has("package.json")
    ? readPackage(join(path, "package.json"))
    : {};
  if (type === "module") {
    throw new UsageError(
      `${join(path, "package.json")} says "type": "module", and Pulumi loads a TypeScript program as CommonJS. Give a folder of its own: --folder DIR. Nothing was written.`,
    );
  }
  return {
    path,
    names,
    hasProject: project !== undefined,
    isOwn,
    makesEnvironments: isOwn || (names.has("index.ts") && isInitProgram(join(path, "index.ts"))),
    root: isOwn ? "" : INSTALLED,
    packages: new Set([dependencies, devDependencies].flatMap((listed) => Object.keys(asFields(listed)))),
  };
}

function listNames(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw new UsageError(`--folder ${path} cannot be used. ${error instanceof Error ? error.message : ""}`.trim());
  }
}

function checkRuntime(file: string): void {
  const { runtime } = asFields(parseYaml(file, readText(file) ?? "").value);
  const name = typeof runtime === "string" ? runtime : asFields(runtime).name;
  if (name === "nodejs") return;
  throw new UsageError(
    `${file} is a project in ${printable(String(name))}, and the program of an environment is TypeScript. Give a folder of its own: --folder DIR. Nothing was written.`,
  );
}

/** Whether it has the line that is all that the program of `init` does. */
function isInitProgram(file: string): boolean {
  return /^export = environmentOfStack;?\s*$/m.test(readText(file) ?? "");
}

/**
 * The text of a file that is listed; undefined for a link that leads nowhere.
 *
 * @throws {@link UsageError} if it cannot be read.
 */
function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new UsageError(`${file} cannot be read. ${whyUnreadable(file, error)} Nothing was written.`);
  }
}

function readPackage(file: string): Readonly<Record<string, unknown>> {
  const text = readText(file);
  if (text === undefined) return {};
  const manifest = parseJson(text);
  if (manifest === undefined) throw new UsageError(`${file} is not valid JSON. Nothing was written.`);
  return asFields(manifest);
}
