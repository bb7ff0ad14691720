import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildGo, pulumiCli } from "../../../build/go";
import { type Events, readEvents } from "./engine-events";
import { serveLanguageHost } from "./language-host";
import { installPolicyHost } from "./policy-host";
import type { Properties } from "./properties";

/** What a run of the CLI gave. */
export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run of the engine. */
export interface EngineRun extends Run, Events {}

/** A resource as the state has it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly parent?: string;
  readonly protect?: boolean;
  readonly inputs?: Properties;
  readonly outputs?: Properties;
}

export interface EngineOptions {
  /** The stand-ins, by the name of their package. */
  readonly providers: readonly { readonly name: string; readonly port: number }[];
  /** Of the program and of the CLI, beside PATH and what the engine needs. */
  readonly environment?: Readonly<Record<string, string>>;
}

export type EngineCommand = "preview" | "up" | "destroy" | "refresh";

/** The Pulumi CLI with its engine, a backend in a temporary folder, and stand-ins for all plugins. */
export interface Engine {
  /** Folder with the CLI in `bin`, as the Automation API wants it. */
  readonly root: string;
  /** What the CLI needs in its environment to find the backend and the stand-ins. */
  readonly variables: Readonly<Record<string, string>>;
  /** Runs the CLI in a project's folder. */
  pulumi(args: readonly string[], folder: string): Promise<Run>;
  /** Runs `preview`, `up`, `destroy` or `refresh` on a stack and reads the engine's events. */
  run(command: EngineCommand, stack: string, folder: string, flags?: readonly string[]): Promise<EngineRun>;
  /** The resources of a stack, in the order of their creation. */
  state(project: string, stack: string): Promise<readonly StateResource[]>;
  close(): Promise<void>;
}

/** Builds the CLI where it is not built yet. `close` it. */
export async function startEngine({ providers, environment = {} }: EngineOptions): Promise<Engine> {
  const executable = await buildGo(pulumiCli);
  const folder = await mkdtemp(join(tmpdir(), "pulumi-"));
  const home = join(folder, "home");
  const bin = join(folder, "root", "bin");
  await mkdir(home);
  await mkdir(bin, { recursive: true });
  await symlink(executable, join(bin, "pulumi"));
  await installPolicyHost(home);
  const base = { PATH: process.env.PATH ?? "", HOME: home, ...environment };
  const host = await serveLanguageHost(base);
  const variables = {
    ...base,
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: "for-tests-only",
    PULUMI_DEBUG_PROVIDERS: providers.map(({ name, port }) => `${name}:${port}`).join(","),
    PULUMI_DEBUG_LANGUAGES: `nodejs:${host.port}`,
    // Only then does the CLI know --event-log.
    PULUMI_DEBUG_COMMANDS: "true",
    // A third of what the CLI needs to start is for its garbage.
    GOGC: "off",
    GOMEMLIMIT: "512MiB",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  const pulumi: Engine["pulumi"] = (args, cwd) => runCli(executable, args, cwd, variables);
  let runs = 0;
  return {
    root: join(folder, "root"),
    variables,
    pulumi,
    async run(command, stack, cwd, more = []) {
      runs += 1;
      const log = join(folder, `events-${runs}.json`);
      const unattended = command === "preview" ? [] : ["--yes", "--skip-preview"];
      const flags = ["--stack", stack, "--event-log", log, ...unattended, ...more];
      const run = await pulumi([command, ...flags], cwd);
      return { ...run, ...(await readEvents(log)) };
    },
    async state(project, stack) {
      const file = join(folder, ".pulumi", "stacks", project, `${stack}.json`);
      return JSON.parse(await readFile(file, "utf8")).checkpoint.latest.resources ?? [];
    },
    async close() {
      await host.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function runCli(executable: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Run> {
  const options = { cwd, env, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    execFile(executable, [...args, "--non-interactive", "--color", "never"], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === "number") resolve({ code, stdout, stderr });
      else reject(error);
    });
  });
}
