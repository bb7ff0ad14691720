import assert from "node:assert/strict";
import * as z from "zod";
import { accessFlags, NotationCommandError, runNotation } from "../../../../verifier/src/notation/command";

const REFERENCE = "registry.example.com/app:1";
const anything = z.looseObject({});

/** Runs a script in place of the program. */
function runScript(script: string, { password }: { readonly password?: string } = {}) {
  const credentials = password === undefined ? undefined : { username: "ci", password };
  const args = ["--eval", script, "sign"];
  const environment = { ONLY: "this" };
  return { executable: process.execPath, args, reference: REFERENCE, credentials, environment };
}

const TELL = `
  const input = require("node:fs").readFileSync(0, "utf8");
  console.log(JSON.stringify({ args: process.argv.slice(1), input, only: process.env.ONLY, home: process.env.HOME }));`;

describe("a command of notation-verifier", () => {
  it("gets credentials on standard input, and no variables but those given", async () => {
    const answer = await runNotation(runScript(TELL, { password: "secret" }), anything);

    assert.deepEqual(answer, {
      args: ["sign", "--credentials-stdin", REFERENCE],
      input: JSON.stringify({ username: "ci", password: "secret" }),
      only: "this",
    });
  });

  it("asks anonymously without credentials", async () => {
    const answer = await runNotation(runScript(TELL), anything);

    assert.deepEqual([answer.args, answer.input], [["sign", REFERENCE], ""]);
  });

  it("gives its answer also if it fails: the answer says why", async () => {
    const answer = await runNotation(runScript(`console.log('{"error":1}'); process.exitCode = 1`), anything);

    assert.deepEqual(answer, { error: 1 });
  });

  for (const [what, script, message] of [
    [
      "says its first line, escaped",
      `console.error("no \\u001b[31m\\nmore"); process.exit(3)`,
      /^\S+ --eval failed: no \\u\{1b\}\[31m$/,
    ],
    ["says how it ended where it says nothing", "process.exit(3)", /^\S+ --eval failed: it ended with code 3$/],
    [
      "names what is wrong with another answer",
      `console.log('{"digest":1}')`,
      /^\S+ --eval gave an answer that cannot be parsed: digest: /,
    ],
  ] as const) {
    it(`without an answer ${what}`, async () => {
      const answer = z.object({ digest: z.string() });

      await assert.rejects(runNotation(runScript(script), answer), (error) => {
        assert.ok(error instanceof NotationCommandError);
        assert.match(error.message, message);
        return true;
      });
    });
  }

  it("that is not there is named", async () => {
    const command = { ...runScript(""), executable: "/no/program" };

    await assert.rejects(
      runNotation(command, anything),
      /^NotationCommandError: \/no\/program --eval failed: .*ENOENT/,
    );
  });

  it("gets only the flags that are asked for", () => {
    const all = { plugin: "/a/plugin", signerEndpoint: "http://127.0.0.1:1", plainHttp: true };

    assert.deepEqual(accessFlags({ plugin: undefined, signerEndpoint: undefined, plainHttp: false }), []);
    assert.deepEqual(accessFlags(all), [
      ...["--plugin", "/a/plugin", "--signer-endpoint", "http://127.0.0.1:1", "--plain-http"],
    ]);
  });
});
