import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { GrpcService } from "./grpc-service";

/** A provider of remote components, in a process of its own as the SDK's provider server needs it. */
export async function serveAwsx(): Promise<GrpcService & { readonly name: "awsx" }> {
  const child = spawn(process.execPath, ["--import", "tsx", join(__dirname, "awsx-program.ts")], {
    env: { PATH: process.env.PATH },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await firstLine(child);
  return {
    name: "awsx",
    port: Number(port),
    async close() {
      const ended = once(child, "close");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error("The stand-in for the provider awsx has no standard output.");
  for await (const line of createInterface({ input: stdout })) return line;
  throw new Error("The stand-in for the provider awsx ended before it named its port.");
}
