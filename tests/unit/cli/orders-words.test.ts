import assert from "node:assert/strict";
import { callHere } from "./call-here";

const IMAGE = `registry.example.com/app@sha256:${"a".repeat(64)}`;

describe("words of commands with a default command that are no call", () => {
  const cases: readonly (readonly [words: string, says: string])[] = [
    ["block", "block needs an image or a command; its commands are add, list, end"],
    [
      "block ls",
      "'ls' is neither an image nor a command of block; its commands are add, list, end\n(Did you mean block list?)",
    ],
    [
      `block remove ${IMAGE}`,
      "'remove' is neither an image nor a command of block; its commands are add, list, end\n(Did you mean block end?)",
    ],
    [`exempt extend ${IMAGE}`, "'extend' is neither an image nor a command of exempt; its commands are add, list, end"],
    ["block constructor", "'constructor' is neither an image nor a command of block; its commands are add, list, end"],
    [`unblock ${IMAGE}`, "unknown command 'unblock'\n(Did you mean block end?)"],
    [`unexempt ${IMAGE}`, "unknown command 'unexempt'\n(Did you mean exempt end?)"],
    [`block ${IMAGE}`, "required option '--reason <text>' not specified"],
    [`exempt ${IMAGE}`, "required options '--for <time>', '--owner <team>', '--reason <text>' not specified"],
    ["gate open", "gate open needs a service or a command; its commands are add, list, end"],
    [
      "gate open ls",
      "'ls' is neither a service nor a command of gate open; its commands are add, list, end\n(Did you mean gate open list?)",
    ],
    ["gate close shop/web", "unknown command 'close'\n(Did you mean gate open end?)"],
    ["gate open shop/web --for 2h", "required option '--reason <text>' not specified"],
    ["gate open --all", "required options '--for <time>', '--reason <text>' not specified"],
    [`exempt ${IMAGE} --owner payments`, "required options '--for <time>', '--reason <text>' not specified"],
  ];
  for (const [words, says] of cases) {
    it(words, async () => {
      const { code, stdout, stderr } = await callHere(".", ...words.split(" "));

      assert.deepEqual([code, stdout], [64, ""]);
      assert.equal(stderr, `error: ${says}\n(add --help for the options and examples)\n`);
    });
  }

  it("an image without its digest is not taken for a command", async () => {
    const { code, stderr } = await callHere(".", "block", "registry.example.com/app:1", "--reason", "x");

    assert.equal(code, 64);
    assert.match(stderr, /It must name the digest/);
  });
});

describe("the help of commands", () => {
  it("block and exempt: shows what the call without `add` takes, and its exit codes", async () => {
    for (const [name, usage] of [
      ["block", "[add] <image> --reason <text> [options]"],
      ["exempt", "[add] <image> --for <time> --owner <team> --reason <text> [options]"],
    ] as const) {
      const { code, stdout } = await callHere(".", name, "--help");

      assert.equal(code, 0);
      const onOneLine = stdout.replaceAll(/\n {7}/g, " ");
      assert.ok(onOneLine.startsWith(`Usage: ecs-image-verification ${name} ${usage}\n`), stdout);
      assert.match(stdout, /\n {2}--stack <name> .*\n/);
      assert.match(stdout, /\n {2}--reason <text> +why, at most 500 characters \(required\)\n/);
      assert.match(stdout, /\n {2}end \[options\] <image> /);
      assert.doesNotMatch(stdout, /\n {2}help /);
      assert.match(stdout, /Exit codes:\n {2}0 .*\n {2}2 .*\n {2}64 /);
    }
  });

  it("marks every option that must be given", async () => {
    for (const [words, flag] of [
      [["trust", "explain"], "--trust"],
      [["sign"], "--profile"],
      [["block", "add"], "--reason"],
      [["exempt", "add"], "--for"],
    ] as const) {
      const { stdout } = await callHere(".", ...words, "--help");

      const [, described = ""] = stdout.split(`\n  ${flag} <`);
      const [ownText = ""] = described.split("\n  -", 1);
      assert.match(ownText.replace(/\s+/g, " "), /\(required\)/, flag);
    }
  });
});
