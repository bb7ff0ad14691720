import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { NAMESPACE } from "../../configuration/problem";
import { temporaryFolder } from "../../verifier/src/temporary-folder";
import { type EnvironmentSettings, isInline, stackName } from "./settings";

/** The settings that let Pulumi remove everything: docs/teardown.md. */
const UNPROTECTED = { protect: false, forceDelete: true };

/** The settings of the same environment without protection. Unchanged for a project folder: see {@link withUnprotectedFile}. */
export function unprotected(settings: EnvironmentSettings): EnvironmentSettings {
  if (!isInline(settings)) return settings;
  return { ...settings, configuration: { ...settings.configuration, ...UNPROTECTED } };
}

/**
 * Runs `work` with the options of the Automation API that make Pulumi read a copy of the stack's file without protection.
 * The file is not changed: the next deployment restores the protection.
 */
export async function withUnprotectedFile<T>(
  settings: EnvironmentSettings,
  work: (options: { readonly configFile?: string }) => Promise<T>,
): Promise<T> {
  if (isInline(settings)) return work({});
  const name = `Pulumi.${stackName(settings)}.yaml`;
  const file = parse(await readFile(join(settings.folder, name), "utf8")) ?? {};
  const changed = Object.entries(UNPROTECTED).map(([key, value]) => [`${NAMESPACE}:${key}`, value]);
  const folder = temporaryFolder();
  try {
    const configFile = join(folder.path, name);
    await writeFile(configFile, stringify({ ...file, config: { ...file.config, ...Object.fromEntries(changed) } }));
    return await work({ configFile });
  } finally {
    folder.remove();
  }
}
