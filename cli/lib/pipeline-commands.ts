/** The beginning of a command, which the runners of GitHub Actions and Azure Pipelines look for anywhere in a line. */
const COMMAND = /##(?=\w*\[)/g;

/**
 * Writes `##[` and `##vso[` so that no pipeline takes them for a command: texts from signatures and documents may have them.
 * In JSON it is the same text.
 */
export function withoutPipelineCommands(text: string): string {
  return text.replace(COMMAND, "#\\u0023");
}

/** Guards all that is written to a stream. */
export function guardPipelines(stream: NodeJS.WriteStream): void {
  const write = stream.write.bind(stream);
  stream.write = ((chunk: unknown, ...more: unknown[]) =>
    Reflect.apply(write, stream, [
      typeof chunk === "string" ? withoutPipelineCommands(chunk) : chunk,
      ...more,
    ])) as typeof stream.write;
}
