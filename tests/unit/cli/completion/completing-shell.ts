import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { writeShellScript } from "../../../support/executables";
import { startOnTerminal } from "../../../support/terminal";
import { callHere } from "../call-here";

/** A shell that has the script, in a folder of its own. */
export interface CompletingShell {
  readonly folder: string;
  /** All that the shell offers for the last word of a line, as the program would get it. */
  complete(line: string): Promise<readonly string[]>;
  remove(): Promise<void>;
}

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type ShellName = (typeof SHELLS)[number];

/** A program that the tests of a shell need and this machine lacks. */
export function missingFor(shell: ShellName): string | undefined {
  const needed = shell === "fish" ? [shell] : [shell, "script"];
  const folders = (process.env.PATH ?? "").split(delimiter);
  const missing = needed.find((name) => !folders.some((folder) => existsSync(join(folder, name))));
  return missing === undefined ? undefined : `${missing} is not installed; the completion of ${shell} is not tried.`;
}

/** Starts a shell in a folder that is empty but for the home of the shell. */
export async function startShell(shell: ShellName): Promise<CompletingShell> {
  const home = await mkdtemp(join(tmpdir(), "completion-"));
  const { stdout } = await callHere(".", "completion", shell);
  await writeFile(join(home, "script"), stdout);
  const folder = join(home, "folder");
  await mkdir(folder);
  const { complete, end } = shell === "fish" ? askFish(home, folder) : await startTyping(shell, home);
  const remove = async () => {
    await end();
    await rm(home, { recursive: true, force: true });
  };
  return { folder, complete, remove };
}

type Completing = Pick<CompletingShell, "complete"> & { end(): Promise<unknown> };

/** fish says what it offers, without a terminal. */
function askFish(home: string, folder: string): Completing {
  const script = 'source "$HOME/script"; complete -C "$argv[1]"';
  const env = { PATH: process.env.PATH, HOME: home };
  const complete = async (line: string) => {
    const args = ["--no-config", "-c", script, line];
    const { stdout, stderr } = spawnSync("fish", args, { cwd: folder, env, encoding: "utf8" });
    if (stderr !== "") throw new Error(stderr);
    const lines = stdout.split("\n").filter((text) => text !== "");
    return lines.map((text) => text.split("\t")[0] ?? "");
  };
  return { complete, end: async () => {} };
}

/** What each shell reads first: the script, and that Escape * puts all that it offers into the line. */
const START: Readonly<Record<"bash" | "zsh", string>> = {
  bash: String.raw`PS1='ready> '
bind '"\e*": insert-completions'
bind 'set enable-bracketed-paste off'
eval "$(cat "$HOME/script")"
`,
  zsh: String.raw`PS1='ready> '
unsetopt prompt_cr
autoload -U compinit
compinit -D -u
zstyle ':completion:all::::' completer _all_matches _complete
zstyle ':completion:all:*' insert true
zstyle ':completion:all:*' avoid-completer _expand
zle -C all complete-word _generic
bindkey '\e*' all
eval "$(cat "$HOME/script")"
`,
};

/** Notes its arguments in place of the program, and says how often it was called. */
const NOTES = `printf '%s\\0' "$@" > "$HOME/arguments"
echo >> "$HOME/calls"
echo "call $(wc -l < "$HOME/calls") noted"`;

/** Types lines on a terminal, and after each Escape * and Enter. */
async function startTyping(shell: "bash" | "zsh", home: string): Promise<Completing> {
  await writeShellScript(join(home, "bin/ecs-image-verification"), NOTES);
  const start = join(home, ".zshrc");
  await writeFile(start, `${START[shell]}cd "$HOME/folder"\n`);
  const command = shell === "bash" ? ["bash", "--noprofile", "--rcfile", start, "-i"] : ["zsh", "--no-globalrcs", "-i"];
  const terminal = startOnTerminal(command, {
    PATH: [join(home, "bin"), process.env.PATH].join(delimiter),
    HOME: home,
    ZDOTDIR: home,
    INPUTRC: "/dev/null",
    TERM: "dumb",
    LC_ALL: "C.UTF-8",
  });
  await terminal.shows(/ready> /);
  let calls = 0;
  const complete = async (line: string) => {
    calls += 1;
    terminal.type(`${line}\u001b*\r`);
    await terminal.shows(new RegExp(`call +${calls} noted`));
    const words = (await readFile(join(home, "arguments"), "utf8")).split("\0").slice(0, -1);
    // Those before the last are what was typed.
    return words.slice(line.split(" ").length - 2);
  };
  const end = () => {
    terminal.type("exit\r");
    return terminal.ended;
  };
  return { complete, end };
}
