import { clearLine, cursorTo } from "node:readline";
import type { WriteStream } from "node:tty";

/** When a person at a terminal begins to wonder whether anything happens, in milliseconds. */
const AFTER_MS = 1_000;
const FRAME_MS = 100;
const FRAMES = ["-", "\\", "|", "/"];

type Terminal = Pick<WriteStream, "write"> & { readonly isTTY?: boolean; readonly columns?: number };

/** Removes the line that is shown now, if there is one. */
let clearShown = () => {};

/** Writes to standard error while work may be going on whose line is shown there. */
export function writeError(text: string): void {
  clearShown();
  process.stderr.write(text);
}

/**
 * Does some work; from its first second on, a terminal shows in its last line that it goes on. Where standard error is no
 * terminal, nothing is shown.
 *
 * @param text What goes on, asked for each time that it is shown.
 * @param work Gets a function that removes the line, to be called before it prints.
 */
export async function whileWaiting<Result>(
  text: () => string,
  work: (clear: () => void) => Promise<Result>,
  { stream = process.stderr, afterMs = AFTER_MS }: { readonly stream?: Terminal; readonly afterMs?: number } = {},
): Promise<Result> {
  if (!stream.isTTY || process.env.TERM === "dumb") return work(() => {});
  const terminal = stream as WriteStream;
  let shown = 0;
  const clear = () => {
    if (shown === 0) return;
    cursorTo(terminal, 0);
    clearLine(terminal, 0);
  };
  const show = () => {
    clear();
    terminal.write(`${FRAMES[shown % FRAMES.length]} ${text()}`.slice(0, (terminal.columns || 80) - 1));
    shown += 1;
  };
  let frames: NodeJS.Timeout | undefined;
  const begin = setTimeout(() => {
    show();
    frames = setInterval(show, FRAME_MS);
  }, afterMs);
  clearShown = clear;
  try {
    return await work(clear);
  } finally {
    clearTimeout(begin);
    clearInterval(frames);
    clear();
    clearShown = () => {};
  }
}
