import { existsSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../package-root";
import { buildGo, type GoProgram, isBuilt, RequirementMissingError } from "./go";

/** The folder of the prebuilt programs, which only the npm package has. */
const PREBUILT = join(PACKAGE_ROOT, "programs");

/** Where a program comes from. */
export type ProgramSource =
  | { readonly kind: "prebuilt"; readonly executable: string }
  /** Built by Go from the checkout, once. */
  | { readonly kind: "go" }
  /** The package has none for this machine. */
  | { readonly kind: "none"; readonly platform: string };

/** Says where a program of this product comes from on this machine. */
export function programSource({ name }: Pick<GoProgram, "name">, prebuilt: string = PREBUILT): ProgramSource {
  if (!existsSync(prebuilt)) return { kind: "go" };
  const platform = platformName(process.platform, process.arch);
  const executable = join(prebuilt, platform, name);
  return existsSync(executable) ? { kind: "prebuilt", executable } : { kind: "none", platform };
}

/**
 * The executable of a program: the package's own, or in the checkout the one that Go builds.
 *
 * @throws RequirementMissingError if the package has none for this machine, or Go is not installed; the signal's
 * reason once it is aborted.
 */
export async function locateProgram(program: GoProgram, signal?: AbortSignal): Promise<string> {
  const source = programSource(program);
  if (source.kind === "prebuilt") return source.executable;
  if (source.kind === "go") return buildGo(program, undefined, signal);
  throw new RequirementMissingError(
    `This package has no ${program.name} for ${source.platform}: it has it for Linux and macOS, on amd64 and arm64. Use one of these, or a checkout of the repository, which builds it with Go.`,
  );
}

/** Whether {@link locateProgram} takes no time. */
export async function isThere(program: GoProgram): Promise<boolean> {
  return programSource(program).kind === "go" ? isBuilt(program) : true;
}

/** A platform in Go's words, as folders of programs are named: `linux-amd64`. */
export function platformName(platform: NodeJS.Platform, processor: NodeJS.Architecture): string {
  return `${platform}-${processor === "x64" ? "amd64" : processor}`;
}
