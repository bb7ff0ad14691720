import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Files by their paths inside a folder, with `/`. */
export type StagedFiles = ReadonlyMap<string, Buffer>;

/** The project's folder for build contexts. A .gitignore in it keeps it out of the project's repository. */
const STAGING = ".ecs-image-verification";
const FILE_MODE = 0o644;
const FOLDER_MODE = 0o755;

/**
 * Writes files into a folder below the project, with fixed modes whatever the umask. An existing folder with the same
 * content is left alone: another stack may be reading it.
 *
 * @param name Name of the folder, which must be derived from the content.
 * @returns The folder's path, relative to the project, with `/`.
 */
export async function stageFiles(project: string, name: string, files: StagedFiles): Promise<string> {
  const staging = join(project, STAGING);
  const folder = join(staging, name);
  await mkdir(staging, { recursive: true });
  await writeFile(join(staging, ".gitignore"), "*\n");
  if (!(await isStaged(folder, files))) await placeFolder(staging, folder, files);
  return `${STAGING}/${name}`;
}

/** Renames the complete folder into place, so that no other stack reads a half-written one. */
async function placeFolder(staging: string, folder: string, files: StagedFiles): Promise<void> {
  const begun = await mkdtemp(join(staging, "begun-"));
  try {
    for (const [path, content] of files) await writeStaged(begun, path, content);
    await chmod(begun, FOLDER_MODE);
    try {
      await rename(begun, folder);
    } catch {
      // Another stack was faster, or the existing folder has been changed.
      if (await isStaged(folder, files)) return;
      await rm(folder, { recursive: true, force: true });
      await rename(begun, folder);
    }
  } finally {
    await rm(begun, { recursive: true, force: true });
  }
}

async function writeStaged(folder: string, path: string, content: Buffer): Promise<void> {
  const file = join(folder, path);
  const parent = dirname(file);
  await mkdir(parent, { recursive: true });
  await chmod(parent, FOLDER_MODE);
  await writeFile(file, content);
  await chmod(file, FILE_MODE);
}

/** Whether the folder holds exactly these files, with their modes. */
async function isStaged(folder: string, files: StagedFiles): Promise<boolean> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    if (entries.filter((entry) => !entry.isDirectory()).length !== files.size) return false;
    for (const [path, content] of files) {
      const file = join(folder, path);
      const { mode } = await stat(file);
      if ((mode & 0o777) !== FILE_MODE || !content.equals(await readFile(file))) return false;
    }
    return true;
  } catch {
    return false;
  }
}
