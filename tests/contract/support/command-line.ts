import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { CLI, type Run } from "../../support/running-command";
import type { Scene } from "./scene";

export interface RunOptions {
  readonly stdin?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The command line, with a scene's registry, Signer, plugin and root in place of AWS's. */
export interface CommandLine {
  /** The options that reach the scene's Signer, plugin and registry. */
  readonly access: readonly string[];
  /** Folder with the root certificate of the scene's Signer. */
  readonly trustStore: string;
  /** Those and the trust store. */
  readonly withRoot: readonly string[];
  /** The environment of its processes. */
  readonly environment: Readonly<Record<string, string>>;
  run(args: readonly string[], options?: RunOptions): Promise<Run>;
  /** `verify` of an image, with the profile `release` trusted: code and reason code. */
  verify(reference: string): Promise<{ readonly code: number | null; readonly reason: string }>;
}

export async function commandLine({ stack, registry, release }: Scene): Promise<CommandLine> {
  const folder = await stack.temporaryFolder();
  const store = join(folder, "store");
  await mkdir(store);
  await writeFile(join(store, "root.pem"), stack.signer.rootPem);
  const trust = join(folder, "trust.yaml");
  const statements = [{ name: "release", repositories: ["*"], identities: [release.arn] }];
  await writeFile(trust, JSON.stringify({ registries: [registry], statements }));
  const access = ["--plugin", stack.programs.plugin, "--signer-endpoint", stack.signer.url, "--plain-http"];
  const withRoot = ["--trust-store", store, ...access];
  const environment = {
    ...stack.environment,
    PATH: process.env.PATH ?? "",
    HOME: process.env.HOME ?? "",
    // None of this machine's logins.
    DOCKER_CONFIG: join(folder, "no-docker"),
  };
  const run: CommandLine["run"] = async (args, options = {}) => {
    const child = spawn(process.execPath, [CLI, ...args], { env: { ...environment, ...options.environment } });
    child.stdin.on("error", () => {});
    child.stdin.end(options.stdin ?? "");
    const ended = new Promise<number | null>((done) => child.once("close", done));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await ended, stdout, stderr };
  };
  return {
    access,
    trustStore: store,
    withRoot,
    environment,
    run,
    async verify(reference) {
      const { code, stdout } = await run(["verify", reference, "--trust", trust, ...withRoot, "--json"]);
      return { code, reason: JSON.parse(stdout).code };
    },
  };
}
