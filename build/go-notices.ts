import { resolve } from "node:path";
import { PACKAGE_ROOT } from "../package-root";
import type { GoProgram } from "./go";
import { readGoBuild, readGoLicences } from "./go-modules";
import { type Licence, noticesText } from "./notices";

/** The licence notices of programs: of Go itself, and of each module that is linked into one of them. */
export async function goNotices(
  programs: readonly { readonly program: GoProgram; readonly executable: string }[],
): Promise<string> {
  const licences = new Map<string, Licence>();
  for (const { program, executable } of programs) {
    const build = await readGoBuild(executable);
    for (const licence of await readGoLicences(resolve(PACKAGE_ROOT, program.module), build)) {
      licences.set(licence.title, licence);
    }
  }
  const sorted = [...licences.values()].sort((one, other) => (one.title < other.title ? -1 : 1));
  return noticesText("The programs here hold parts of these:", sorted);
}
