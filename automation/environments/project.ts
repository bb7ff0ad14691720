import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { suggestKey } from "../../trust/suggest-key";
import { ConfigurationInvalid } from "./errors";
import { type ProjectSettings, stackName } from "./settings";

/** A folder with a project, and one of its stacks. */
export type ProjectStack = Pick<ProjectSettings, "stack" | "folder">;

/**
 * The path of the stack's file, after a check that it and the project exist: Pulumi would create a stack of any name.
 *
 * @throws {@link ConfigurationInvalid}
 */
export async function checkProject(settings: ProjectStack): Promise<string> {
  const { stack, folder } = settings;
  if (!existsSync(join(folder, "Pulumi.yaml"))) {
    throw new ConfigurationInvalid(stack, `${resolve(folder)} is not a Pulumi project: it has no Pulumi.yaml.`);
  }
  const name = stackName(settings);
  // Compares with the folder's listing: a file system may be case-insensitive.
  const stacks = (await readdir(folder)).flatMap((file) => /^Pulumi\.([A-Za-z0-9_.-]+)\.yaml$/.exec(file)?.[1] ?? []);
  if (stacks.includes(name)) return join(folder, `Pulumi.${name}.yaml`);
  const there = stacks.length === 0 ? "there are none" : `there are ${stacks.sort().join(", ")}`;
  throw new ConfigurationInvalid(
    stack,
    `${resolve(folder)} has no Pulumi.${name}.yaml, the configuration of the environment ${name}; ${there}.${meant(name, stacks)}`,
  );
}

function meant(name: string, stacks: readonly string[]): string {
  const identity = /^stack:(.+)$/i.exec(name)?.[1];
  if (identity !== undefined) {
    return ` "stack:${identity}" is how a trust document names a stack: leave "stack:" out here.`;
  }
  const near = suggestKey(name, stacks);
  return near === undefined ? "" : ` Did you mean ${near}?`;
}
