import { clearLine, cursorTo } from "node:readline";
import type { WriteStream } from "node:tty";
import type { GateChange, ServiceResult } from "../../automation/operations/gate/change-services";
import { resultLine } from "./change-text";

/** Characters of the bar. */
const WIDTH = 24;

/** Shows how far a run is: a line for each service and, on a terminal, a last line with a bar. */
export function showChanges(stream: WriteStream, change: GateChange, total: number) {
  let done = 0;
  const wipe = () => {
    if (!stream.isTTY) return;
    cursorTo(stream, 0);
    clearLine(stream, 0);
  };
  const showBar = () => {
    if (!stream.isTTY || done >= total) return;
    const full = Math.floor((done / total) * WIDTH);
    stream.write(`[${"=".repeat(full)}${" ".repeat(WIDTH - full)}] ${done}/${total}, one service a second`);
  };
  showBar();
  return {
    changed(result: ServiceResult): void {
      wipe();
      done += 1;
      stream.write(`${resultLine(change, result)}\n`);
      showBar();
    },
    end: wipe,
  };
}
