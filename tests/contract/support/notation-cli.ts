import { execFile } from "node:child_process";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { buildGo, notationCli } from "../../../build/go";
import { signerPluginName } from "../../../local/signer/envelope";
import type { VerificationRequest } from "../../../verifier/src/notation/protocol";

/** How one run of the Notation CLI ended. */
export interface CliRun {
  /** `undefined` when it was ended by a signal. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliRunOptions {
  /** For the registry. */
  readonly credentials?: VerificationRequest["credentials"];
  /** Then it is killed: it has no time limit of its own. Default: a minute. */
  readonly timeoutMs?: number;
}

/** Runs `notation` with the given arguments. Never rejects because of what the CLI says. */
export type NotationCli = (args: readonly string[], options?: CliRunOptions) => Promise<CliRun>;

export interface CliSettings {
  /** `NOTATION_CONFIG`. */
  readonly config: string;
  /** An empty folder, to be filled with what the CLI expects of its surroundings. */
  readonly folder: string;
  /** The Signer plugin's executable. */
  readonly plugin: string;
  /** Where AWS Signer is asked: the CLI reaches it as an HTTP proxy. */
  readonly signerEndpoint: string;
  /** For the plugin: region and credentials. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The Notation CLI v1.3.2 with a configuration and nothing of this machine's. */
export async function notationCliWith(settings: CliSettings): Promise<NotationCli> {
  const executable = await buildGo(notationCli);
  const plugins = join(settings.folder, "plugins", signerPluginName);
  await mkdir(plugins, { recursive: true });
  await symlink(settings.plugin, join(plugins, `notation-${signerPluginName}`));
  const environment = {
    ...settings.environment,
    NOTATION_CONFIG: settings.config,
    NOTATION_LIBEXEC: settings.folder,
    NOTATION_CACHE: join(settings.folder, "cache"),
    // Where it looks for a Docker configuration; without HOME and credentials it refuses to start.
    HOME: settings.folder,
    // The SDK puts a prefix before the host of the endpoint, so that an address would not do. Registries on loopback
    // are never asked through a proxy.
    AWS_ENDPOINT_URL_SIGNER: "http://signer.test",
    HTTP_PROXY: settings.signerEndpoint,
    NO_PROXY: ".invalid",
  };
  return (args, { credentials, timeoutMs = 60_000 } = {}) =>
    new Promise((resolve) => {
      const login =
        credentials === undefined
          ? {}
          : { NOTATION_USERNAME: credentials.username, NOTATION_PASSWORD: credentials.password };
      const options = { env: { ...environment, ...login }, timeout: timeoutMs, killSignal: "SIGKILL" } as const;
      execFile(executable, args, options, (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : typeof error.code === "number" ? error.code : undefined;
        resolve({ exitCode, stdout, stderr });
      });
    });
}

/** Whether the CLI says that exactly this image is signed by someone it trusts. Level `skip` ends with 0 as well. */
export function saysVerified({ exitCode, stdout }: CliRun, name: string, digest: string): boolean {
  return exitCode === 0 && stdout.split("\n").includes(`Successfully verified signature for ${name}@${digest}`);
}
