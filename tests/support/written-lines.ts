/**
 * The lines of JSON that an action writes to the standard streams, both of which are a function's log on Lambda. The libraries
 * for logs and metrics write there themselves.
 */
export function writtenLines(action: () => void): readonly Readonly<Record<string, unknown>>[] {
  const written: string[] = [];
  const streams = [process.stdout, process.stderr];
  const writers = streams.map(({ write }) => write);
  for (const stream of streams) stream.write = (chunk: string | Uint8Array) => written.push(String(chunk)) > 0;
  try {
    action();
  } finally {
    for (const [index, stream] of streams.entries()) Object.assign(stream, { write: writers[index] });
  }
  return written
    .join("")
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
}
