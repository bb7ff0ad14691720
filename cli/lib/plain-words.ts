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
