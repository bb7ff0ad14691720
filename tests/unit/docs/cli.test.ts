import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import { withHelp } from "../../../cli/lib/help";
import { CLI_DOCS, cliDocs } from "../../../cli/lib/reference";
import { program } from "../../../cli/main";

describe("docs/cli.md", () => {
  it("is what the commands say", () => {
    const text = readFileSync(CLI_DOCS, "utf8");

    const generated = cliDocs(program());

    assert.equal(text, generated, "run: npm run docs:cli");
  });

  it("shows arguments, options with defaults and choices, notes, examples and exit codes", () => {
    const text = cliDocs(tool());

    for (const expected of [
      "| [group cut](#group-cut) | Cut \\<things> | and \\*more\\*. |".replace("| and", "\\| and"),
      "tool group cut [options] <thing...>",
      "| `thing...` | what to cut |",
      "| `--how <way>` | how: `fast`, `slow` | `fast` |",
      "| `--where <place>` | where (required) | HOME |",
      "First `<paragraph>`.\n\n```\nsome: yaml\n  deeper: true\n```",
      "Examples:\n\n```sh\ntool group cut a\n```",
      "| 0 | cut |",
    ]) {
      assert.ok(text.includes(expected), `${expected}\n\nis not in\n\n${text}`);
    }
    assert.doesNotMatch(text, /--secret/);
  });
});

function tool(): Command {
  const cut = new Command("cut")
    .description("Cut <things> | and *more*.")
    .argument("<thing...>", "what to cut")
    .addOption(new Option("--how <way>", "how").choices(["fast", "slow"]).default("fast"))
    .requiredOption("--where <place>", "where (default: HOME)")
    .addOption(new Option("--secret").hideHelp());
  withHelp(cut, {
    notes: "First `<paragraph>`.\n\n  some: yaml\n    deeper: true",
    examples: ["tool group cut a"],
    exitCodes: ["0 cut"],
  });
  const group = withHelp(new Command("group").description("Things."), { examples: [], exitCodes: [] });
  const root = new Command("tool").description("A tool.").commandsGroup("All:");
  return root.addCommand(group.addCommand(cut));
}
