import { clearLine, cursorTo } from "node:readline";
import type { WriteStream } from "node:tty";
import type { EnvironmentEvent } from "../../automation";
import { colorsFor } from "../lib/colors";
import { isTangible, resourceLine, violationText } from "./resource-line";

export interface Progress {
  onEvent(event: EnvironmentEvent): void;
  /** Removes the output that is shown only during the operation. */
  end(): void;
}

/**
 * Shows the progress of an operation: a line for each finished resource and, on a terminal, a last line with the resources
 * in progress.
 *
 * @param stream Usually standard error; standard output is for the answer.
 */
export function showProgress(
  stream: Pick<WriteStream, "write"> & { readonly isTTY?: boolean; readonly columns?: number },
  now: () => number = Date.now,
): Progress {
  const colors = colorsFor(stream);
  const begun = new Map<string, { readonly name: string; readonly at: number }>();
  const terminal = stream.isTTY ? (stream as WriteStream) : undefined;
  const wipe = () => {
    if (terminal === undefined) return;
    cursorTo(terminal, 0);
    clearLine(terminal, 0);
  };
  const print = (line: string) => {
    wipe();
    stream.write(`${line}\n`);
  };
  const showBegun = () => {
    if (terminal === undefined || begun.size === 0) return;
    const names = [...begun.values()].map(({ name }) => name).join(", ");
    terminal.write(`  … ${names}`.slice(0, (terminal.columns || 80) - 1));
  };

  function showResource({ phase, operation, resource }: EnvironmentEvent & { readonly type: "resource" }): void {
    // Pulumi reports a replacement as a whole and also its two halves.
    if (!isTangible(resource) || operation === "replace") return;
    const key = `${operation} ${resource.urn}`;
    if (phase === "started") {
      begun.set(key, { name: resource.name, at: now() });
      return;
    }
    const seconds = ((now() - (begun.get(key)?.at ?? now())) / 1000).toFixed(1);
    begun.delete(key);
    const line = resourceLine(operation, resource, phase === "failed" ? "  failed" : `  ${seconds} s`);
    print(phase === "failed" ? colors.red(line) : line);
  }

  return {
    onEvent(event) {
      wipe();
      if (event.type === "resource") showResource(event);
      if (event.type === "violation") print(colors.yellow(violationText(event)));
      if (event.type === "message" && event.severity === "warning") print(colors.yellow(`  warning: ${event.message}`));
      showBegun();
    },
    end: wipe,
  };
}

/** Shows the progress of an operation on standard error. */
export async function withProgress<T>(
  title: string,
  operate: (onEvent: Progress["onEvent"]) => Promise<T>,
): Promise<T> {
  process.stderr.write(`${title}\n`);
  const progress = showProgress(process.stderr);
  try {
    return await operate(progress.onEvent);
  } finally {
    progress.end();
  }
}
