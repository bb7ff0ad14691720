import type { CompletedCommand, CompletedValue } from "./completed-command";
import { quote } from "./quote";

/**
 * The script for bash, in words that 3.2 knows, too, which macOS has. The only words that come from elsewhere are names of files: those
 * bash itself completes and quotes, and of those of stacks only the ones are offered that need no quotes.
 */
export function bashScript(commands: readonly CompletedCommand[]): string {
  return `# Completion for bash. Made by: ecs-image-verification completion bash

# Sets what the command $1 has.
__ecs_image_verification_command() {
    commands= options= value= words= repeats=
    case $1 in
${commands.map(commandCase).join("\n")}
    esac
}

# Sets what the option $2 of the command $1 takes. Fails if it takes nothing.
__ecs_image_verification_option() {
    value= words=
    case "$1 $2" in
${optionCases(commands).join("\n")}
        *) return 1 ;;
    esac
}

# Offers those of the words that begin with what is typed.
__ecs_image_verification_offer() {
    local word
    for word in "$@"; do
        [[ $word == "$typed"* ]] && COMPREPLY+=("$word")
    done
}

__ecs_image_verification_offer_stacks() {
    local file
    while IFS= read -r file; do
        file=\${file#Pulumi.}
        file=\${file%.yaml}
        [[ $file == *[!A-Za-z0-9_.-]* ]] || __ecs_image_verification_offer "$file"
    done < <(compgen -G 'Pulumi.*.yaml')
}

__ecs_image_verification_offer_value() {
    case $value in
        file) compopt -o default 2>/dev/null ;;
        folder) compopt -o dirnames 2>/dev/null ;;
        stack) __ecs_image_verification_offer_stacks ;;
        words) __ecs_image_verification_offer $words ;;
    esac
}

_ecs_image_verification() {
    local IFS=$' \\t\\n' typed=\${COMP_WORDS[COMP_CWORD]} path= option= argument= ended= joined=
    local commands options value words repeats word i
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=\${COMP_WORDS[i]}
        __ecs_image_verification_command "$path"
        # bash cuts words at : and =
        if [[ -n $word && -z \${word//[:=]/} ]]; then
            joined=1
        elif [[ -n $joined || -n $option ]]; then
            joined= option=
        elif [[ -z $ended && $word == -- ]]; then
            ended=1
        elif [[ -z $ended && $word == -* ]]; then
            __ecs_image_verification_option "$path" "$word" && option=$word
        elif [[ -z $argument && " $commands " == *" $word "* ]]; then
            # What follows help is completed as if it stood alone.
            [[ $path$word == help ]] || path="\${path:+$path }$word"
        else
            argument=1
        fi
    done
    if [[ -n $typed && -z \${typed//[:=]/} ]]; then
        joined=1 typed=
    fi
    # A bash that has no compopt offers files where nothing is known, too.
    compopt +o default 2>/dev/null
    if [[ -n $option ]]; then
        __ecs_image_verification_option "$path" "$option"
        __ecs_image_verification_offer_value
        return
    fi
    [[ -z $joined ]] || return
    __ecs_image_verification_command "$path"
    if [[ -z $ended && $typed == -* ]]; then
        __ecs_image_verification_offer $options
        return
    fi
    [[ -z $argument ]] && __ecs_image_verification_offer $commands
    [[ -z $argument || -n $repeats ]] || value=
    __ecs_image_verification_offer_value
    # Nothing is known of what may stand here: show what may follow as well.
    if [[ -z $ended && -z $typed && -z $commands && ( -z $value || $value == other ) ]]; then
        __ecs_image_verification_offer $options
    fi
}

complete -o default -F _ecs_image_verification ecs-image-verification
`;
}

function commandCase({ path, commands, options, argument }: CompletedCommand): string {
  const lists = [
    ["commands", commands.map(({ name }) => name)],
    ["options", options.flatMap(({ flags }) => flags)],
  ] as const;
  const set = lists.filter(([, words]) => words.length > 0).map(([name, words]) => `${name}=${quote(words.join(" "))}`);
  return `        ${quote(path)}) ${[...set, ...argumentText(argument)].join(" ")} ;;`;
}

function argumentText(argument: CompletedCommand["argument"]): readonly string[] {
  if (argument === undefined) return [];
  return [valueText(argument), ...(argument.isVariadic ? ["repeats=1"] : [])];
}

/** The options of all commands, by what they take. */
function optionCases(commands: readonly CompletedCommand[]): readonly string[] {
  const calls = new Map<string, string[]>();
  for (const { path, options } of commands) {
    for (const { flags, value } of options) {
      if (value === undefined) continue;
      const text = valueText(value);
      calls.set(text, [...(calls.get(text) ?? []), ...flags.map((flag) => quote(`${path} ${flag}`))]);
    }
  }
  return [...calls].map(([text, patterns]) => `        ${patterns.join(" | ")}) ${text} ;;`);
}

function valueText({ kind, words }: CompletedValue): string {
  return kind === "words" ? `value=words words=${quote(words.join(" "))}` : `value=${kind}`;
}
