import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EnvironmentOutputs } from "../../../automation/environments/outputs";
import { OUTPUTS } from "../../support/environment-outputs";
import { type Run, type Running, startCommand } from "../../support/running-command";
import { clientOf } from "./account";

/** The command line, as a person uses it who has saved the outputs of an environment. */
export interface CommandLine {
  /** The file with the outputs. */
  readonly outputs: string;
  start(args: readonly string[], environment?: Readonly<Record<string, string>>): Running;
  run(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Run>;
  /** Ends what still runs. */
  close(): Promise<void>;
}

/** @param address `127.0.0.1:PORT`, where AWS is. */
export async function commandLine(address: string, changes: Partial<EnvironmentOutputs> = {}): Promise<CommandLine> {
  const folder = await mkdtemp(join(tmpdir(), "cli-aws-"));
  const outputs = join(folder, "outputs.json");
  await writeFile(outputs, JSON.stringify({ ...OUTPUTS, ...changes }));
  const { endpoint, credentials } = clientOf(address);
  const aws = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  const running = new Set<Running>();
  const start: CommandLine["start"] = (args, environment = {}) => {
    const started = startCommand(args, { PATH: process.env.PATH, HOME: folder, ...aws, ...environment });
    running.add(started);
    void started.ended.then(() => running.delete(started));
    return started;
  };
  return {
    outputs,
    start,
    run: (args, environment) => start(args, environment).ended,
    async close() {
      for (const one of running) one.signal("SIGKILL");
      await Promise.all([...running].map(({ ended }) => ended));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
