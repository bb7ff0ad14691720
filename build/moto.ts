import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "./cache";
import { RequirementMissingError } from "./go";

const run = promisify(execFile);

/** The version of moto, which stands in for AWS services in the tests of AWS calls. */
const MOTO_VERSION = "5.2.5";

const PYTHON = "python3";

/** Whether the cache has moto, so that {@link installMoto} takes no time. */
export async function isMotoInstalled(): Promise<boolean> {
  return existsSync(markerIn(await motoFolder()));
}

/**
 * Installs moto with its server into a virtual environment in the cache folder, once for each version of moto and Python.
 * Gives the path of its interpreter, to run with `-m moto.server`.
 *
 * @throws RequirementMissingError if Python 3 or its `venv` is not installed.
 */
export async function installMoto(): Promise<string> {
  const folder = await motoFolder();
  const python = join(folder, "bin", "python");
  if (existsSync(markerIn(folder))) return python;
  // A virtual environment cannot be made elsewhere and moved, since its scripts have its path. An incomplete one is removed.
  await rm(folder, { recursive: true, force: true });
  await run(PYTHON, ["-m", "venv", folder]).catch((error: Error & { stdout?: string }) => {
    throw new RequirementMissingError(
      `Python cannot make virtual environments: ${error.stdout || error.message}. Install python3-venv and retry.`,
    );
  });
  await run(python, [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    `moto[server]==${MOTO_VERSION}`,
  ]);
  await writeFile(markerIn(folder), "");
  return python;
}

async function motoFolder(): Promise<string> {
  return join(cacheFolder(), "python", `moto-${MOTO_VERSION}-${await pythonVersion()}`);
}

/** The file that is written last: without it the installation is incomplete. */
function markerIn(folder: string): string {
  return join(folder, "installed");
}

async function pythonVersion(): Promise<string> {
  try {
    const { stdout } = await run(PYTHON, ["-c", "import platform; print(platform.python_version())"]);
    return stdout.trim();
  } catch {
    throw new RequirementMissingError("Python is not installed. Install python3 and python3-venv and retry.");
  }
}
