import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse, stringify } from "yaml";

/** A Pulumi project with stack files of its own, so that trying it changes nothing in the checkout. */
export interface Project {
  readonly folder: string;
  /** Changes a stack's configuration: reads its file, writes what `change` gives. */
  configure(stack: string, change: (configuration: Configuration) => Configuration): Promise<void>;
  remove(): Promise<void>;
}

/** What a stack file has under `config`. */
export type Configuration = Readonly<Record<string, unknown>>;

const checkout = resolve(__dirname, "../../..");

/**
 * A folder with links to all that the project's folder has, and copies of its stack files. A project of the fixtures uses
 * the packages of the checkout.
 */
export async function copyProject(from = checkout): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-project-"));
  const names = (await readdir(from)).filter((name) => !name.startsWith("."));
  for (const name of names) {
    if (/^Pulumi\..+\.yaml$/.test(name)) await cp(join(from, name), join(folder, name));
    else await symlink(join(from, name), join(folder, name));
  }
  for (const name of ["node_modules", "package.json"].filter((shared) => !names.includes(shared))) {
    await symlink(join(checkout, name), join(folder, name));
  }
  return {
    folder,
    async configure(stack, change) {
      const file = join(folder, `Pulumi.${stack}.yaml`);
      const settings = parse(await readFile(file, "utf8").catch(() => "{}"));
      await writeFile(file, stringify({ ...settings, config: change(settings.config ?? {}) }));
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
