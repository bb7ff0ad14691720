import type { CompletedCommand, CompletedOption, CompletedValue } from "./completed-command";

/** The script for fish, which quotes what it inserts. */
export function fishScript(commands: readonly CompletedCommand[]): string {
  return `# Completion for fish. Made by: ecs-image-verification completion fish

# Prints the command that is typed, and in a second line whether an argument of it is there.
function __ecs_image_verification_typed
    set -l path
    set -l argument no
    set -l ended no
    set -l is_value no
    set -l words (commandline -opc)
    for word in $words[2..-1]
        if test $is_value = yes
            set is_value no
            continue
        end
        if test $ended = no
            if test "$word" = --
                set ended yes
                continue
            end
            switch "$path $word"
                case ${optionsWithValue(commands).map(quote).join(" ")}
                    set is_value yes
                    continue
                case '* -*'
                    continue
                case ' help'
                    # What follows help is completed as if it stood alone.
                    continue
            end
        end
        if test $argument = no
            switch (string trim -- "$path $word")
                case ${commands
                  .filter(({ path }) => path !== "")
                  .map(({ path }) => quote(path))
                  .join(" ")}
                    set path (string trim -- "$path $word")
                    continue
            end
        end
        set argument yes
    end
    echo $path
    echo $argument
end

function __ecs_image_verification_at --argument-names path
    set -l typed (__ecs_image_verification_typed)
    test "$typed[1]" = "$path"
end

# The same, as long as there is no argument.
function __ecs_image_verification_begins --argument-names path
    set -l typed (__ecs_image_verification_typed)
    test "$typed[1]" = "$path" -a "$typed[2]" = no
end

function __ecs_image_verification_stacks
    for file in Pulumi.*.yaml
        string replace -rf '^Pulumi\\.([A-Za-z0-9_.-]+)\\.yaml$' '$1' -- $file
    end
end

complete -c ecs-image-verification -e
complete -c ecs-image-verification -f
${commands.flatMap(completions).join("\n")}
`;
}

function optionsWithValue(commands: readonly CompletedCommand[]): readonly string[] {
  return commands.flatMap(({ path, options }) =>
    options.flatMap(({ flags, value }) => (value === undefined ? [] : flags.map((flag) => `${path} ${flag}`))),
  );
}

function completions({ path, commands, options, argument }: CompletedCommand): readonly string[] {
  const at = condition("at", path);
  const begins = condition("begins", path);
  return [
    ...commands.map(({ name, description }) => `${begins} -a ${name} -d ${quote(description)}`),
    ...options.map((option) => `${at}${optionText(option)} -d ${quote(option.description)}`),
    ...(argument === undefined || argument.kind === "other"
      ? []
      : [`${argument.isVariadic ? at : begins} ${valueText(argument)}`]),
  ];
}

/** A condition on the command that is typed. */
function condition(test: "at" | "begins", path: string): string {
  return `complete -c ecs-image-verification -n ${quote(`__ecs_image_verification_${test} ${quote(path)}`)}`;
}

function optionText({ flags, value }: CompletedOption): string {
  const names = flags.map((flag) => (flag.startsWith("--") ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`));
  return `${names.join("")}${value === undefined ? "" : ` -r ${valueText(value)}`}`;
}

function valueText({ kind, words }: CompletedValue): string {
  switch (kind) {
    case "words":
      return `-f -a ${quote(words.join(" "))}`;
    case "file":
      return "-F";
    case "folder":
      return "-f -a '(__fish_complete_directories)'";
    case "stack":
      return "-f -a '(__ecs_image_verification_stacks)'";
    case "other":
      return "-f";
  }
}

/** In quotes, fish reads only these two. */
function quote(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}
