import assert from "node:assert/strict";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { REASON_CODES } from "../../../../verifier/src/verification/verdict";
import { skipOrFail } from "../../../support/skip-or-fail";
import { callHere } from "../call-here";
import { type CompletingShell, missingFor, SHELLS, startShell } from "./completing-shell";

/** Files whose names a shell would execute, or take for several words, if it did not quote them. */
const HOSTILE = ["odd $(touch executed).yaml", "odd `touch executed`.yaml", "odd '; touch executed #.yaml"];

/** Every line is completed with all that the shell offers. */
const OFFERED: readonly (readonly [line: string, offered: readonly string[]])[] = [
  ["gate ", ["attach", "check", "detach", "open", "status"]],
  ["gate op", ["open"]],
  ["gate open ", ["add", "end", "list"]],
  ["help trust ", ["check", "explain", "show"]],
  ["trust nonsense ", []],
  ["verify --trust", ["--trust", "--trust-store"]],
  ["verify app --plain-http --trust-st", ["--trust-store"]],
  ["block --rea", ["--reason"]],
  ["block add --rea", ["--reason"]],
  ["block --reason add --own", ["--owner"]],
  ["gate open end --al", ["--all"]],
  ["report --format ", ["html", "json", "markdown", "table"]],
  ["report --format ma", ["markdown"]],
  ["run-sample --launch-type ", ["EC2", "FARGATE"]],
  ["redrive --queue f", ["failure"]],
  ["completion ", ["bash", "fish", "zsh"]],
  ["explain signature-r", ["signature-revoked"]],
  ["verdicts --code signature-r", ["signature-revoked"]],
  ["up --stack ", ["dev", "prod"]],
  ["up --stack dev --stack p", ["prod"]],
  ["gate check shop/web --stack d", ["dev"]],
  ["trust check tr", ["trust.yaml"]],
  ["trust check trust.yaml tr", ["trust.yaml"]],
  ["sign app --profile arn:aws:signer:eu-west-1:111122223333:/signing-profiles/a --trust tr", ["trust.yaml"]],
  ["up --project fo", ["folder"]],
  ["trust check od", HOSTILE],
];

for (const name of SHELLS) {
  describe(`the completion of ${name}`, () => {
    let shell: CompletingShell;

    before(async function () {
      const missing = missingFor(name);
      if (missing !== undefined) skipOrFail(this, missing);
      shell = await startShell(name);
      const stacks = ["Pulumi.dev.yaml", "Pulumi.prod.yaml", "Pulumi.$(touch executed).yaml", "Pulumi.a b.yaml"];
      for (const file of [...stacks, "trust.yaml", ...HOSTILE]) await writeFile(join(shell.folder, file), "");
      await mkdir(join(shell.folder, "folder"));
    });
    after(() => shell?.remove());

    for (const [line, offered] of OFFERED) {
      it(`"${line}" becomes ${offered.length === 0 ? "nothing" : offered.join(", ")}`, async () => {
        const words = await shell.complete(`ecs-image-verification ${line}`);

        // fish writes a slash behind a folder.
        assert.deepEqual(words.map((word) => word.replace(/\/$/, "")).sort(), [...offered].sort());
      });
    }

    it("offers every reason code, and nothing else", async () => {
      const words = await shell.complete("ecs-image-verification explain ");

      assert.deepEqual([...words].sort(), [...REASON_CODES].sort());
    });

    it("knows the value that is written with =", async () => {
      const words = await shell.complete("ecs-image-verification report --format=m");

      assert.deepEqual(words, ["--format=markdown"]);
    });

    it("works for a program that is called by its path", async () => {
      const words = await shell.complete("../bin/ecs-image-verification gate de");

      assert.deepEqual(words, ["detach"]);
    });

    it("executed no name of a file", async () => {
      assert.ok(!(await readdir(shell.folder)).includes("executed"));
    });
  });
}

describe("completion", () => {
  for (const name of SHELLS) {
    it(`${name}: prints a script that has nothing of this machine`, async () => {
      const { code, stdout, stderr } = await callHere(".", "completion", name);

      assert.deepEqual([code, stderr], [0, ""]);
      assert.ok(!stdout.includes(process.cwd()));
      assert.ok(!/\bnode\b/.test(stdout), "it calls no program");
    });
  }

  it("names the shells that there are, for another", async () => {
    const { code, stderr } = await callHere(".", "completion", "tcsh");

    assert.equal(code, 64);
    assert.match(stderr, /Allowed choices are bash, zsh, fish\./);
  });
});
