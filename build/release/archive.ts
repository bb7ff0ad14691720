import { chmod, cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { create } from "tar";

/** A file of an archive. */
export interface ArchivedFile {
  /** Where it stands in the archive, with `/`. */
  readonly name: string;
  /** The file to copy. */
  readonly from: string;
  readonly isExecutable?: boolean;
}

/**
 * Writes a compressed archive whose files are in one folder, named like the archive. The same files give the same bytes:
 * nothing of this machine, its users and the time is in it but `date`.
 */
export async function writeArchive(
  file: string,
  root: string,
  files: readonly ArchivedFile[],
  date: Date,
): Promise<void> {
  const staging = await mkdtemp(join(tmpdir(), "archive-"));
  try {
    for (const { name, from, isExecutable } of files) {
      const target = join(staging, root, name);
      await mkdir(dirname(target), { recursive: true });
      await cp(from, target);
      await chmod(target, isExecutable ? 0o755 : 0o644);
    }
    const names = files.map(({ name }) => `${root}/${name}`).sort();
    await create({ cwd: staging, file, gzip: { level: 9 }, portable: true, mtime: date, noDirRecurse: true }, names);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
