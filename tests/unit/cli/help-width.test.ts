import assert from "node:assert/strict";
import type { Command } from "commander";
import { helpText } from "../../../cli/lib/help-text";
import { everyCommand, formatCall } from "../../../cli/lib/reference";
import { program } from "../../../cli/main";

/** The `--help` of a command on a terminal of this width, without colours. */
function helpOf(command: Command, width: number): readonly string[] {
  let text = "";
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => width,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text.split("\n");
}

/** Whether a line is one word, as an ARN is, besides the backslash of a folded command. */
function isOneWord(line: string): boolean {
  return !line.trim().replace(/ \\$/, "").includes(" ");
}

describe("--help on a terminal of 80 columns", () => {
  const root = program();
  for (const command of [root, ...everyCommand(root)]) {
    it(`${formatCall(command)} has no line that is longer`, () => {
      const long = helpOf(command, 80).filter((line) => line.length > 80);

      assert.deepEqual(
        long.filter((line) => !isOneWord(line)),
        [],
      );
    });
  }
});

describe("what --help has below the options", () => {
  it("fills paragraphs, and leaves indented lines as they are", () => {
    const notes = "One two three\nfour five.\n\nA document:\n  key:   value that is long\n";

    const text = helpText({ notes, examples: ["a b"], exitCodes: ["0 done"] }, 20);

    assert.equal(
      text,
      "One two three four\nfive.\n\nA document:\n  key:   value that is long\n\nExamples:\n  a b\n\nExit codes:\n  0 done",
    );
  });

  it("folds a command line as a shell reads it: an option stays with its value, quoted text in one piece", () => {
    const example = 'program command argument --reason "two words" --stack prod | jq -r .do';

    const text = helpText({ examples: [example], exitCodes: [] }, 34);

    assert.equal(
      text.split("\n\n")[0],
      'Examples:\n  program command argument \\\n      --reason "two words" \\\n      --stack prod | jq -r .do',
    );
  });

  it("indents the further lines of an exit code's meaning", () => {
    const text = helpText({ examples: [], exitCodes: ["64 the call cannot be used", "those of its commands"] }, 20);

    assert.equal(text.split("\n\n")[1], "Exit codes:\n  64 the call cannot\n     be used\n  those of its\n  commands");
  });

  it("is no wider than 120 columns, however wide the terminal", () => {
    const notes = "word ".repeat(100);

    const [paragraph = ""] = helpText({ notes, examples: [], exitCodes: [] }, 300).split("\n\n");

    assert.deepEqual(
      paragraph.split("\n").filter((line) => line.length > 120),
      [],
    );
  });
});
