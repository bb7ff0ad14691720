import assert from "node:assert/strict";
import { pathOf } from "../../../cli/lib/command-path";
import { everyCommand } from "../../../cli/lib/reference";
import { program } from "../../../cli/main";
import { callHere } from "./call-here";

const call = (words: string) => callHere(".", ...words.split(" ").filter(Boolean));

describe("help", () => {
  for (const command of everyCommand(program())) {
    const path = pathOf(command);
    it(`help ${path} shows what ${path} --help shows`, async () => {
      assert.deepEqual(await call(`help ${path}`), await call(`${path} --help`));
    });
  }

  it("alone lists the commands, as --help does", async () => {
    assert.deepEqual(await call("help"), await call("--help"));
  });

  it("may stand behind the first words of a command", async () => {
    assert.deepEqual(await call("gate help check"), await call("gate check --help"));
    assert.deepEqual(await call("gate open help"), await call("gate open --help"));
    assert.deepEqual(await call("block help end"), await call("block end --help"));
  });

  const unknown: readonly (readonly [words: string, says: string])[] = [
    ["help verfy", "unknown command 'verfy'\n(Did you mean verify?)"],
    ["help trust chek", "unknown command 'chek'\n(Did you mean trust check?)"],
    ["trust help chek", "unknown command 'chek'\n(Did you mean trust check?)"],
    ["help gate close", "unknown command 'close'\n(Did you mean gate open end?)"],
    ["help block ls", "unknown command 'ls'\n(Did you mean block list?)"],
    ["help nonsense-of-all-kinds", "unknown command 'nonsense-of-all-kinds'"],
    ["help verify app", "verify has no commands, so 'app' is none"],
  ];
  for (const [words, says] of unknown) {
    it(`${words}: there is no such command`, async () => {
      const { code, stdout, stderr } = await call(words);

      assert.deepEqual([code, stdout], [64, ""]);
      assert.equal(stderr, `error: ${says}\n(add --help for the options and examples)\n`);
    });
  }
});

describe("a call without a command", () => {
  for (const words of ["", "gate", "image", "trust"]) {
    it(`${words || "of the program"} prints the help and succeeds`, async () => {
      const { code, stdout, stderr } = await call(words);

      assert.deepEqual([code, stderr], [0, ""]);
      assert.equal(stdout, (await call(`${words} --help`)).stdout);
    });
  }

  it("is a mistake where a command is meant that lacks its argument", async () => {
    const { code, stdout, stderr } = await call("block");

    assert.deepEqual([code, stdout], [64, ""]);
    assert.match(stderr, /^error: block needs an image or a command; its commands are add, list, end\n/);
  });
});

describe("an option that there is not", () => {
  for (const command of [program(), ...everyCommand(program())]) {
    const path = command.parent === null ? "" : pathOf(command);
    it(`${path || "of the program"}: is reported before what is missing`, async () => {
      const { code, stdout, stderr } = await call(`${path} --no-such-option-at-all`);

      assert.deepEqual([code, stdout], [64, ""]);
      assert.match(stderr, /^error: unknown option '--no-such-option-at-all'\n/);
    });
  }
});
