import { fill } from "./fill";
import type { Help } from "./help";

/** Wider lines are hard to read, and the notes are not written for them. */
const WIDEST = 120;

/** What `--help` has below the options, for a terminal of this width. */
export function helpText({ notes = "", examples, exitCodes }: Help, terminal: number): string {
  const width = Math.min(terminal, WIDEST);
  return [
    ...paragraphsOf(notes).map((lines) => fillParagraph(lines, width).join("\n")),
    ["Examples:", ...examples.map((line) => foldCommand(line, width))].join("\n"),
    ["Exit codes:", ...exitCodes.map((line) => foldExitCode(line, width))].join("\n"),
  ].join("\n\n");
}

/** The lines of each paragraph. */
function paragraphsOf(text: string): readonly (readonly string[])[] {
  return text.trim() === ""
    ? []
    : text
        .trim()
        .split(/\n{2,}/)
        .map((paragraph) => paragraph.split("\n"));
}

/** An indented line, such as one of a document, stays as it is. */
function fillParagraph(lines: readonly string[], width: number): readonly string[] {
  const first = lines.findIndex((line) => line.startsWith("  "));
  const prose = first === -1 ? lines : lines.slice(0, first);
  const verbatim = lines.slice(prose.length);
  return [...fill(prose.join(" ").split(/\s+/).filter(Boolean), width), ...verbatim];
}

/** Folds a command line as a shell reads it, between words and, where that is enough, before options. */
function foldCommand(line: string, width: number): string {
  if (line.length + 2 <= width) return `  ${line}`;
  const room = width - "      ".length - " \\".length;
  const words = line.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [line];
  const parts: string[][] = [];
  for (const word of words) {
    if (parts.length === 0 || /^(?:--|[|<>]$)/.test(word)) parts.push([]);
    parts.at(-1)?.push(word);
  }
  const pieces = parts.flatMap((part) => (part.join(" ").length > room ? part : [part.join(" ")]));
  return `  ${fill(pieces, room).join(" \\\n      ")}`;
}

function foldExitCode(line: string, width: number): string {
  const [, code = "", meaning = line] = /^(\d+ )(.*)$/.exec(line) ?? [];
  const indent = " ".repeat(2 + code.length);
  return `  ${code}${fill(meaning.split(" "), width - indent.length).join(`\n${indent}`)}`;
}
