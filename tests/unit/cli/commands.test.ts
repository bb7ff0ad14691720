import assert from "node:assert/strict";
import type { Command } from "commander";
import { defaultCommandOf } from "../../../cli/lib/default-command";
import { readHelp } from "../../../cli/lib/help";
import { everyCommand, formatCall } from "../../../cli/lib/reference";
import { program } from "../../../cli/main";

/** Commands whose answer is not for programs, and why. */
const WITHOUT_JSON: Readonly<Record<string, string>> = {
  "ecs-image-verification block": "holds other commands",
  "ecs-image-verification completion": "is for a shell",
  "ecs-image-verification exempt": "holds other commands",
  "ecs-image-verification gate": "holds other commands",
  "ecs-image-verification gate open": "holds other commands",
  "ecs-image-verification help": "is for people",
  "ecs-image-verification image": "holds other commands",
  "ecs-image-verification plugin": "holds other commands",
  "ecs-image-verification trust": "holds other commands",
};

describe("every command of the command line", () => {
  for (const command of everyCommand(program())) {
    describe(formatCall(command), () => checksOf(command));
  }

  it("exempts no command from --json that is not there", () => {
    const calls = everyCommand(program()).map(formatCall);

    const gone = Object.keys(WITHOUT_JSON).filter((call) => !calls.includes(call));

    assert.deepEqual(gone, []);
  });
});

function checksOf(command: Command): void {
  it("has a description that is a sentence", () => {
    assert.match(command.description(), /^[A-Z][a-z]+[, ][^\n]*\.$/);
  });

  it("explains each argument and option", () => {
    const unexplained = [...command.registeredArguments, ...command.options].filter(
      ({ description }) => description === "",
    );

    assert.deepEqual(unexplained, []);
  });

  it("has exit codes, each with what it means", () => {
    const { exitCodes = [] } = readHelp(command) ?? {};

    if (command.commands.length === 0) assert.ok(exitCodes.length >= 2);
    for (const line of exitCodes) assert.match(line, /^(?:0|1|2|64|75|129|130) [A-Za-z]|^those of /);
  });

  it("has two to four examples that call it with options that it has", () => {
    const { examples = [] } = readHelp(command) ?? {};

    assert.ok(examples.length >= 2 && examples.length <= 4, `${examples.length} examples`);
    for (const example of examples) assert.deepEqual(problemsOf(example, command), [], example);
  });

  it("answers with JSON if asked", () => {
    if (WITHOUT_JSON[formatCall(command)] !== undefined) return;

    assert.ok(command.options.some(({ long }) => long === "--json"));
  });

  it("leaves errors to the program", () => {
    const failed = ["--no-such-option-anywhere"];

    for (const one of [command, ...command.commands]) one.configureOutput({ writeErr: () => {} });
    assert.throws(() => command.parse(failed, { from: "user" }), { name: /CommanderError/ });
  });
}

/** What is wrong with an example; a pipe or redirection ends what is ours. */
function problemsOf(example: string, command: Command): readonly string[] {
  if (!`${example} `.startsWith(`${formatCall(command)} `)) return [`does not begin with ${formatCall(command)}`];
  const ours = example.split(/ (?:[|<>]|>>) /)[0] ?? "";
  const named = [command, ...everyCommand(command)].findLast((one) => `${ours} `.startsWith(`${formatCall(one)} `));
  const called = defaultCommandOf(named ?? command) ?? named;
  const known = new Set((called ?? command).options.flatMap(({ long, short }) => [long, short]));
  const unknown = ours.split(" ").filter((word) => /^--?[a-z]/.test(word) && !known.has(word.split("=")[0] ?? ""));
  const required = (called ?? command).options.filter(({ mandatory, long }) => mandatory && !ours.includes(`${long} `));
  return [...unknown.map((word) => `${word} is no option`), ...required.map(({ long }) => `${long} is missing`)];
}
