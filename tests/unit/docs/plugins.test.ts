import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";

const checkout = resolve(__dirname, "../../..");
const manifestSchema = z.object({
  version: z.string(),
  pulumi: z.object({ resource: z.literal(true), name: z.string() }),
});

/** The folders of packages below a `node_modules`, those within others as well. */
function packageFolders(modules: string): readonly string[] {
  return readdirSync(modules, { withFileTypes: true }).flatMap(({ name }) => {
    const folder = join(modules, name);
    if (name.startsWith(".")) return [];
    if (name.startsWith("@")) return packageFolders(folder);
    return [folder, ...nested(folder)];
  });
}

function nested(folder: string): readonly string[] {
  try {
    return packageFolders(join(folder, "node_modules"));
  } catch {
    return [];
  }
}

/** Whatever has a plugin is asked for by the language host, used or not: it walks all packages (pulumi, `getPluginsFromDir`). */
function requiredPlugins(): readonly string[] {
  return packageFolders(join(checkout, "node_modules")).flatMap((folder) => {
    try {
      const { pulumi, version } = manifestSchema.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
      return [`${pulumi.name} ${version.replace(/^v/, "")}`];
    } catch {
      return [];
    }
  });
}

it("docs/walkthrough.md lists the plugins that Pulumi downloads, with their versions", () => {
  const text = readFileSync(join(checkout, "docs/walkthrough.md"), "utf8");
  const rows = [...text.matchAll(/^\| `([a-z-]+)` \| ([\d.]+) \|/gm)];

  assert.deepEqual(
    rows.map(([, name, version]) => `${name} ${version}`).sort(),
    [...new Set(requiredPlugins())].sort(),
  );
  assert.equal(rows.length, 6);
});
