import { spawn } from "node:child_process";
import { once } from "node:events";

/** A command on a terminal. */
export interface OnTerminal {
  /** Comes back as soon as the screen has such text. Rejects if the command ends without it. */
  shows(text: RegExp): Promise<void>;
  type(keys: string): void;
  readonly ended: Promise<{ readonly code: number | null; readonly screen: string }>;
}

/** Ctrl-C, which the terminal makes an interrupt of every process in the foreground. */
export const CTRL_C = "\u0003";

/** Starts a command on a terminal of its own, by `script` of util-linux. */
export function startOnTerminal(command: readonly string[], env: NodeJS.ProcessEnv): OnTerminal {
  const line = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const child = spawn("script", ["--quiet", "--return", "--command", line, "/dev/null"], { env, stdio: "pipe" });
  let screen = "";
  let isOver = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      screen += text.replaceAll("\r\n", "\n");
      child.emit("said");
    });
  }
  const ended = once(child, "close").then(([code]) => {
    isOver = true;
    child.emit("said");
    return { code: typeof code === "number" ? code : null, screen };
  });
  return {
    ended,
    type: (keys) => void child.stdin.write(keys),
    async shows(text) {
      while (!text.test(screen)) {
        if (isOver) throw new Error(`It ended without ${text}:\n${screen}`);
        await once(child, "said");
      }
    },
  };
}
