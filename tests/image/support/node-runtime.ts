import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, rename, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "../../../build/cache";

const run = promisify(execFile);

/** Node.js of the version that Lambda has, as npm package: also with the headers that native modules need. */
export const NODE = `node-linux-${process.arch}@24.21.0`;
/** AWS's client of the Lambda Runtime API, the one in AWS's base images. */
export const AWS_LAMBDA_RIC = "aws-lambda-ric@4.0.2";

export interface NodeRuntime {
  /** The executable of Node.js. */
  readonly node: string;
  /** A `node_modules` folder with `aws-lambda-ric` and what it needs at run time. */
  readonly modules: string;
}

/** Installs Node.js and builds the interface client with it, into the cache folder. */
export async function installRuntime(): Promise<NodeRuntime> {
  const folder = join(cacheFolder(), "image", `${NODE}-${AWS_LAMBDA_RIC}`);
  const runtime = { node: join(folder, "node"), modules: join(folder, "modules") };
  if (existsSync(folder)) return runtime;

  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    const packages = join(unfinished, "node_modules");
    await npmInstall(unfinished, NODE, ["--ignore-scripts"], {});
    const nodejs = join(packages, `node-linux-${process.arch}`);
    await cp(join(nodejs, "bin", "node"), join(unfinished, "node"));
    const headers = await withoutPackage(nodejs, join(unfinished, "nodejs"));
    await npmInstall(unfinished, AWS_LAMBDA_RIC, [], {
      PATH: [join(headers, "bin"), process.env.PATH].join(delimiter),
      npm_config_nodedir: headers,
    });
    for (const name of ["aws-lambda-ric", "@aws/lambda-invoke-store"]) {
      await cp(join(packages, name), join(unfinished, "modules", name), { recursive: true });
    }
    await rm(packages, { recursive: true });
    await rm(headers, { recursive: true });
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return runtime;
}

/** The second `npm install` would remove the first one's package. */
async function withoutPackage(from: string, to: string): Promise<string> {
  await rename(from, to);
  return to;
}

async function npmInstall(prefix: string, what: string, flags: readonly string[], env: NodeJS.ProcessEnv) {
  const args = ["install", "--prefix", prefix, "--no-save", "--no-audit", "--no-fund", ...flags, what];
  await run("npm", args, { env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 });
}
