import { execFile } from "node:child_process";
import { mkdir, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { packPolicies } from "../../../build/policy-pack";

const run = promisify(execFile);
const installed = resolve(__dirname, "../../../node_modules");

/** What npm says when it cannot reach a registry. */
const offline = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED)\b/;

/**
 * The standalone pack as others get it: out of its tarball, in a folder with nothing else, with its dependencies installed
 * there. Without a registry those of the checkout are linked, which shows the same but for the versions.
 */
export async function installPack(folder: string): Promise<string> {
  const { tarball } = await packPolicies({ folder: join(folder, "built") });
  const target = join(folder, "installed");
  await mkdir(target);
  await run("tar", ["-xzf", tarball, "-C", target]);
  const pack = join(target, "package");
  const flags = ["--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
  await run("npm", ["install", ...flags], { cwd: pack }).catch(async (error: Error & { stderr?: string }) => {
    if (!offline.test(error.stderr ?? "")) throw error;
    await symlink(installed, join(pack, "node_modules"));
  });
  return pack;
}
