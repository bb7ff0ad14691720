import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Argument, Command, Option } from "commander";
import { PACKAGE_ROOT } from "../../package-root";
import { program } from "../main";
import { readHelp } from "./help";

/** The file with the generated text. */
export const CLI_DOCS = join(PACKAGE_ROOT, "docs/cli.md");

/** All commands, parents before children, without the program itself. */
export function everyCommand(root: Command): readonly Command[] {
  return root.commands.flatMap((command) => [command, ...everyCommand(command)]);
}

/** The words that invoke a command: `ecs-image-verification trust check`. */
export function formatCall(command: Command): string {
  return command.parent === null ? command.name() : `${formatCall(command.parent)} ${command.name()}`;
}

/** The command line reference as Markdown: the `--help` text of each command. */
export function cliDocs(root: Command): string {
  const parts = [
    "# The command line",
    "<!-- Generated from the commands: npm run docs:cli -->",
    plain(root.description()),
    "`bin/ecs-image-verification --help` lists the commands, `--help` after a command, or `help` before it, shows its options and examples. The answer goes to standard output, everything else to standard error.",
    ...overview(root),
    "## Exit codes",
    exitCodeTable(readHelp(root)?.exitCodes ?? []),
    "Each command says below which of them it has, and what they mean there.",
    ...everyCommand(root).flatMap(commandDocs),
  ];
  return `${parts.join("\n\n")}\n`;
}

function overview(root: Command): readonly string[] {
  const groups = [...new Set(root.commands.map((command) => command.helpGroup()))];
  return groups.map((group) => {
    const rows = root.commands
      .filter((command) => command.helpGroup() === group)
      .flatMap((command) => (command.commands.length > 0 ? command.commands : [command]))
      .map((command) => [
        `[${formatPath(command)}](#${formatPath(command).replaceAll(" ", "-")})`,
        cell(command.description()),
      ]);
    return table([group.replace(/:$/, ""), ""], rows);
  });
}

/** The words after the program's name. */
function formatPath(command: Command): string {
  return formatCall(command).split(" ").slice(1).join(" ");
}

function commandDocs(command: Command): readonly string[] {
  const help = readHelp(command);
  const shown = command.options.filter(({ hidden }) => !hidden);
  const own = [
    `## ${formatPath(command)}`,
    plain(command.description()),
    shell([`${formatCall(command)} ${command.usage()}`.trim()]),
  ];
  // A command that only groups subcommands is explained by them.
  if (command.commands.length > 0) return own;
  return [
    ...own,
    ...notesDocs(help?.notes),
    ...(command.registeredArguments.length === 0
      ? []
      : [table(["argument", "meaning"], command.registeredArguments.map(argumentRow))]),
    ...(shown.length === 0 ? [] : [table(["option", "meaning", "default"], shown.map(optionRow))]),
    ...(help === undefined ? [] : ["Examples:", shell(help.examples), exitCodeTable(help.exitCodes)]),
  ];
}

function argumentRow(argument: Argument): readonly string[] {
  return [code(`${argument.name()}${argument.variadic ? "..." : ""}`), cell(argument.description)];
}

function optionRow(option: Option): readonly string[] {
  const { meaning, standard } = splitDefault(option.description);
  const choices = option.argChoices === undefined ? "" : `: ${option.argChoices.map(code).join(", ")}`;
  const required = option.mandatory ? " (required)" : "";
  return [code(option.flags), `${cell(meaning)}${choices}${required}`, formatDefault(option) ?? cell(standard)];
}

/** An option's default may be more than a value: then the option's description ends with it. */
function splitDefault(description: string): { readonly meaning: string; readonly standard: string } {
  const [, meaning = description, standard = ""] = /^(.*) \(default: (.*)\)$/s.exec(description) ?? [];
  return { meaning, standard };
}

function formatDefault({ defaultValue, defaultValueDescription }: Option): string | undefined {
  if (defaultValueDescription !== undefined) return cell(defaultValueDescription);
  if (defaultValue === undefined || (Array.isArray(defaultValue) && defaultValue.length === 0)) return undefined;
  return code(String(defaultValue));
}

/** Formats paragraphs, with indented text as code. */
function notesDocs(notes: string | undefined): readonly string[] {
  if (notes === undefined) return [];
  return notes
    .trim()
    .split(/\n{2,}/)
    .flatMap((block) => {
      const lines = block.split("\n");
      const first = lines.findIndex((line) => line.startsWith("  "));
      const text = first === -1 ? lines : lines.slice(0, first);
      const indented = first === -1 ? [] : lines.slice(first).map((line) => line.replace(/^ {2}/, ""));
      return [
        ...(text.length === 0 ? [] : [plain(text.join("\n"))]),
        ...(indented.length === 0 ? [] : [["```", ...indented, "```"].join("\n")]),
      ];
    });
}

function exitCodeTable(lines: readonly string[]): string {
  const rows = lines.map((line) => {
    const [, number = "", meaning = line] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    return [number, cell(meaning)];
  });
  return table(["exit code", "meaning"], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

function shell(lines: readonly string[]): string {
  return ["```sh", ...lines, "```"].join("\n");
}

function cell(text: string): string {
  return plain(text.replace(/\s+/g, " ")).replaceAll("|", "\\|");
}

function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}

/** Keeps Markdown from reading text as HTML, emphasis or the like; text in backticks is left as is. */
function plain(text: string): string {
  return text.replace(/`[^`]*`|[<*]/g, (found) => (found.startsWith("`") ? found : `\\${found}`));
}

if (require.main === module) writeFileSync(CLI_DOCS, cliDocs(program()));
