import assert from "node:assert/strict";
import { checkWrittenOptions } from "../../../cli/lib/written-options";
import { program } from "../../../cli/main";
import { callHere } from "./call-here";

describe("options that cannot be meant as they were written", () => {
  const cases: readonly (readonly [words: string, says: string])[] = [
    ["run-sample --clutser x", "unknown option '--clutser'\n(Did you mean --cluster?)"],
    ["verify x --trsut=trust.yaml", "unknown option '--trsut'\n(Did you mean --trust?)"],
    ["image build --stak dev", "unknown option '--stak'\n(Did you mean --stack?)"],
    ["up -stack dev", "unknown option '-stack'\n(Did you mean --stack?)"],
    ["up \u2013stack dev", "unknown option '\u2013stack'\n(Did you mean --stack?)"],
    ["up --Stack dev", "unknown option '--Stack'\n(Did you mean --stack?)"],
    ["up --proj . --stack dev", "unknown option '--proj'\n(Did you mean --project?)"],
    ["up --stack dev --nothing-like-it", "unknown option '--nothing-like-it'"],
    ["up --stack --yes", "option '--stack <name>' argument missing: --yes follows, which is an option itself"],
    [
      "trust show a --account 111122223333 --account 444455556666",
      "option '--account <id>' is given twice, but takes one value",
    ],
  ];
  for (const [words, says] of cases) {
    it(words, async () => {
      const { code, stdout, stderr } = await callHere(".", ...words.split(" "));

      assert.deepEqual([code, stdout], [64, ""]);
      assert.equal(stderr, `error: ${says}\n(add --help for the options and examples)\n`);
    });
  }

  it("values and arguments that are empty: most come from a variable of the shell", async () => {
    const option = await callHere(".", "up", "--stack", "");
    const attached = await callHere(".", "up", "--stack=");
    const argument = await callHere(".", "trust", "check", "");

    for (const { code, stderr } of [option, attached]) {
      assert.equal(code, 64);
      assert.match(stderr, /^error: option '--stack <name>' is empty\. If its value is a shell variable, /);
    }
    assert.equal(argument.code, 64);
    assert.match(
      argument.stderr,
      /^error: an argument is empty\. If it is a shell variable, the variable is not set\./,
    );
  });

  it("leave alone what is meant: repeated options, values like options, --help, all behind --", () => {
    const calls = [
      "up --stack dev --stack prod --yes --yes",
      "run-sample --cluster a --subnet b --subnet c --security-group d --security-group e",
      "image build --stack dev --build-arg A=1 --build-arg B=2 --stack-profile stack:a=b --stack-profile stack:c=d",
      "redrive --stack dev --max -1",
      "revoke --job a --reason --because",
      "run-sample --clutser x --help",
      "trust check -- --odd.yaml",
      "--version",
      "trsut check --odd",
    ];

    for (const words of calls) checkWrittenOptions(program(), words.split(" "));
  });
});
