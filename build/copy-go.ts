import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PACKAGE_ROOT } from "../package-root";
import { type GoProgram, goSources } from "./go";

/** Copies the sources that a program is built from, at the same place below another root. */
export async function copyGo({ module }: Pick<GoProgram, "module">, root: string): Promise<void> {
  for (const name of await goSources(join(PACKAGE_ROOT, module))) {
    const target = join(root, module, name);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(join(PACKAGE_ROOT, module, name), target);
  }
}
