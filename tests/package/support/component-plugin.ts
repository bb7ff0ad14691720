import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { GetSchemaRequest, type GetSchemaResponse } from "@pulumi/pulumi/proto/provider_pb";

/** A component plugin that runs. */
export interface ComponentPlugin {
  readonly port: number;
  /** The schema, asked as the engine asks for it. */
  schema(): Promise<unknown>;
  stop(): Promise<void>;
}

/**
 * Starts a component plugin as the Node.js language host does (RunPlugin of pulumi-language-nodejs): the SDK's `run-plugin`
 * with the plugin's folder, TypeScript switched on, in the folder of the project that uses it.
 */
export async function startComponentPlugin(
  folder: string,
  project: string,
  env: NodeJS.ProcessEnv,
): Promise<ComponentPlugin> {
  const program = createRequire(join(folder, "index.js")).resolve("@pulumi/pulumi/cmd/run-plugin");
  const child = spawn(process.execPath, [program, folder, "127.0.0.1:1"], {
    cwd: project,
    env: { ...env, PULUMI_NODEJS_TYPESCRIPT: "true" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const ended = once(child, "close");
  const line = once(createInterface(child.stdout), "line").then(([first]) => String(first));
  const port = Number(await Promise.race([line, ended.then(() => "")]));
  if (!Number.isInteger(port) || port === 0) throw new Error(`The plugin did not start:\n${said}`);
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  return {
    port,
    async schema() {
      const response = await new Promise<GetSchemaResponse>((done, failed) => {
        client.getSchema(new GetSchemaRequest(), (error, answer) => (error ? failed(error) : done(answer)));
      });
      return JSON.parse(response.getSchema());
    },
    async stop() {
      client.close();
      child.kill();
      await ended;
    },
  };
}
