import { orSkip } from "../../support/skip-or-fail";
import { type InstalledPackage, installPackage } from "./installed-package";

let installing: Promise<InstalledPackage> | undefined;

/** The package, built and installed once for all files of tests. It is removed after the last one. */
export function sharedPackage(context: Mocha.Context): Promise<InstalledPackage> {
  return orSkip(context, () => {
    installing ??= installPackage();
    return installing;
  });
}

after("remove the package", async () => {
  await (await installing)?.remove();
});
