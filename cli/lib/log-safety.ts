import { quote } from "../../trust/quote";
import { hasControlCharacters } from "../../trust/text/control-characters";
import { UsageError } from "./errors";

/**
 * Refuses words that messages would repeat as lines of their own: names of files and stacks may come from a pull request, and
 * the log of a pipeline takes lines such as `::stop-commands::` for commands.
 *
 * @param words the words after the program's name.
 * @throws {@link UsageError}
 */
export function checkPlainWords(words: readonly string[]): void {
  const wrong = words.find(hasControlCharacters);
  if (wrong === undefined) return;
  throw new UsageError(
    `${quote(wrong)} has a line break or another control character. No option, file, stack or image that this program works with has one: rename it, or write one line.`,
  );
}

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
