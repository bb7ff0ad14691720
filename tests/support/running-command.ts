import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";

/** The executable; `node` runs it. */
export const CLI = resolve(__dirname, "../../bin/ecs-image-verification");

/** How a command ended. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command of the command line that runs. */
export interface Running {
  /** Comes back as soon as the stream has such text, with its match. Rejects if the command ends without it. */
  says(stream: "stdout" | "stderr", text: RegExp): Promise<RegExpExecArray>;
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<Run>;
}

/** Starts a command as a person does, without a terminal. What still runs in the end must be ended with a signal. */
export function startCommand(args: readonly string[], environment: NodeJS.ProcessEnv): Running {
  return startNode([CLI, ...args], environment);
}

/** The same for another program that Node.js runs, with the arguments of Node.js before its own. */
export function startNode(args: readonly string[], environment: NodeJS.ProcessEnv, folder?: string): Running {
  const env = { NO_COLOR: "1", ...environment };
  return watch(spawn(process.execPath, args, { env, cwd: folder, stdio: ["ignore", "pipe", "pipe"] }));
}

function watch(child: ChildProcess): Running {
  const said = { stdout: "", stderr: "" };
  let isOver = false;
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]?.setEncoding("utf8").on("data", (text: string) => {
      said[stream] += text;
      child.emit("said");
    });
  }
  const ended = once(child, "close").then(([code]) => {
    isOver = true;
    child.emit("said");
    return { code: typeof code === "number" ? code : null, ...said };
  });
  return {
    ended,
    signal: (name) => void child.kill(name),
    async says(stream, text) {
      for (;;) {
        const match = text.exec(said[stream]);
        if (match !== null) return match;
        if (isOver) throw new Error(`It ended without ${text} on ${stream}:\n${said.stdout}\n${said.stderr}`);
        await once(child, "said");
      }
    },
  };
}
