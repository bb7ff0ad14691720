import type { CompletedCommand, CompletedOption, CompletedValue } from "./completed-command";
import { quote } from "./quote";

/** The script for zsh. Its own functions complete and quote names of files. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  return `#compdef ecs-image-verification
# Completion for zsh. Made by: ecs-image-verification completion zsh

${commands.map(completionFunction).join("\n")}
_ecs-image-verification_stacks() {
    local -a stacks
    stacks=(Pulumi.*.yaml(N))
    stacks=(\${\${stacks#Pulumi.}%.yaml})
    stacks=(\${(M)stacks:#[A-Za-z0-9_.-]##})
    compadd -a -- stacks
}

_ecs-image-verification_unknown() {
    return 1
}

if [[ $funcstack[1] == _ecs-image-verification ]]; then
    _ecs-image-verification "$@"
else
    compdef _ecs-image-verification ecs-image-verification
fi
`;
}

function completionFunction({ path, commands, options, argument }: CompletedCommand): string {
  const name = functionName(path);
  // What follows help is completed as if it stood alone.
  if (path === "help") return `${name}() {\n    _ecs-image-verification\n}\n`;
  const specs = options.map(optionSpec);
  if (commands.length === 0) return `${name}() {\n    ${argumentsCall([...specs, ...argumentSpec(argument)])}\n}\n`;
  const subs = commands.map((one) => `${one.name}) ${functionName(`${path} ${one.name}`.trim())} && ret=0 ;;`);
  // A command whose name is left out: its options.
  const others = argument === undefined ? [] : [`*) ${argumentsCall(specs)} && ret=0 ;;`];
  return `${name}() {
    local context state state_descr line curcontext=$curcontext ret=1
    typeset -A opt_args
    ${argumentsCall([...specs, quote("1: :->command"), quote("*::: :->rest")])} && ret=0
    case $state in
        command)
            local -a commands=(
                ${commands.map((one) => quote(`${one.name}:${one.description}`)).join("\n                ")}
            )
            _describe -t commands command commands && ret=0
            ;;
        rest)
            words=("$line[1]" "\${words[@]}")
            (( CURRENT += 1 ))
            curcontext="\${curcontext%:*:*}:ecs-image-verification-$line[1]:"
            case $line[1] in
                ${[...subs, ...others].join("\n                ")}
            esac
            ;;
    esac
    return ret
}
`;
}

function functionName(path: string): string {
  return path === "" ? "_ecs-image-verification" : `_ecs-image-verification__${path.replaceAll(" ", "_")}`;
}

/** `-S`: no options after `--`. `-C`: `curcontext` may change. */
function argumentsCall(specs: readonly string[]): string {
  return `_arguments -S -C ${specs.join(" \\\n        ")}`;
}

function optionSpec({ flags, description, isRepeatable, value }: CompletedOption): string {
  const about = `[${description.replace(/[\\[\]]/g, "\\$&")}]`;
  const names = flags.map((flag) => (value !== undefined && flag.startsWith("--") ? `${flag}=` : flag));
  const takes = value === undefined ? "" : `:${escapeColons(value.name)}:${action(value)}`;
  if (isRepeatable) return names.map((name) => quote(`*${name}${about}${takes}`)).join(" ");
  const others = flags.length === 1 ? "" : `(${flags.join(" ")})`;
  return names.map((name) => quote(`${others}${name}${about}${takes}`)).join(" ");
}

function argumentSpec(argument: CompletedCommand["argument"]): readonly string[] {
  if (argument === undefined) return [];
  // With an action that only shows a message, _arguments finds no option any more.
  const text = argument.kind === "other" ? "_ecs-image-verification_unknown" : action(argument);
  return [quote(`${argument.isVariadic ? "*" : "1"}:${escapeColons(argument.name)}:${text}`)];
}

function action({ kind, words }: CompletedValue): string {
  switch (kind) {
    case "words":
      return `(${words.join(" ")})`;
    case "file":
      return "_files";
    case "folder":
      return "_files -/";
    case "stack":
      return "_ecs-image-verification_stacks";
    case "other":
      return " ";
  }
}

function escapeColons(text: string): string {
  return text.replaceAll(":", "\\:");
}
