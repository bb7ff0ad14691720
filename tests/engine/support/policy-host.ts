import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Puts what starts Node.js policy packs among the plugins of a `PULUMI_HOME`. The engine runs it with the arguments
 * `<engine address> .` in the folder of the pack, as there is no `pulumi-language-nodejs`: it looks for that one's file,
 * and a language host that it attaches to does not count (pkg/resource/plugin/analyzer_plugin.go). That one's RunPlugin starts
 * a pack in the same way: the same module, in the folder of the pack.
 */
export async function installPolicyHost(home: string): Promise<void> {
  const folder = join(home, "plugins", "analyzer-policy-nodejs-v3.259.0");
  await mkdir(folder, { recursive: true });
  const file = join(folder, "pulumi-analyzer-policy-nodejs");
  const server = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
  // A loader of the tests' own process is none of the pack's.
  await writeFile(file, `#!/bin/sh\nNODE_OPTIONS= exec '${process.execPath}' '${server}' "$@"\n`);
  await chmod(file, 0o755);
}
