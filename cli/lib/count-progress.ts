import { clearLine, cursorTo } from "node:readline";
import type { WriteStream } from "node:tty";

/** Shows on a terminal, in a last line, how many of a number are done. */
export function showCount(stream: WriteStream, total: number, what: string) {
  const write = (count: number) => {
    if (!stream.isTTY) return;
    cursorTo(stream, 0);
    stream.write(`${count}/${total} ${what}`);
  };
  write(0);
  return {
    done: write,
    end(): void {
      if (!stream.isTTY) return;
      cursorTo(stream, 0);
      clearLine(stream, 0);
    },
  };
}
