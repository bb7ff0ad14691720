import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const NAME = "pulumi-analyzer-policy-nodejs";

/**
 * Puts what starts Node.js policy packs among the plugins of a `PULUMI_HOME`. The engine runs it with the arguments
 * `<engine address> .` in the folder of the pack, as there is no `pulumi-language-nodejs`: it looks for that one's file,
 * and a language host that it attaches to does not count (sdk/go/common/resource/plugin/analyzer_plugin.go).
 */
export async function installPolicyHost(home: string): Promise<void> {
  const folder = join(home, "plugins", "analyzer-policy-nodejs-v3.259.0");
  await mkdir(folder, { recursive: true });
  await writeStarter(folder);
}

/** What starts policy packs, on PATH: for a CLI whose `PULUMI_HOME` is not ours. The engine warns that it uses it. */
export interface PolicyHost {
  /** The PATH of this process, with one more folder. */
  readonly path: string;
  close(): Promise<void>;
}

export async function policyHost(): Promise<PolicyHost> {
  const folder = await mkdtemp(join(tmpdir(), "policy-host-"));
  await writeStarter(folder);
  return {
    path: [folder, process.env.PATH].join(delimiter),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

async function writeStarter(folder: string): Promise<void> {
  const file = join(folder, NAME);
  const server = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
  // A loader of the tests' own process is none of the pack's.
  await writeFile(file, `#!/bin/sh\nNODE_OPTIONS= exec '${process.execPath}' '${server}' "$@"\n`);
  await chmod(file, 0o755);
}
