import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { Run } from "../support/running-command";
import { type Snippet, snippets } from "../support/snippets";
import { program } from "./support/program";
import { runsIn } from "./support/program-folders";
import { useScene } from "./support/scene";

/** The most lines that one way of use may take in the README. */
const LINES = 10;

describe("engine: what the documents show", function () {
  this.timeout(120_000);
  const scene = useScene(program);
  const ways = snippets("README.md", "The stacks of a clone");

  const environment = () => {
    const { root, variables } = scene().engine;
    const path = [join(root, "bin"), join(scene().project.folder, "node_modules/.bin"), variables.PATH].join(delimiter);
    // There is nobody to answer "yes".
    return { ...variables, PATH: path, PULUMI_SKIP_CONFIRMATIONS: "true", NO_COLOR: "1" };
  };
  const run = (file: string, args: readonly string[]): Promise<Run> =>
    new Promise((done) => {
      execFile(file, args, { cwd: scene().project.folder, env: environment() }, (error, stdout, stderr) =>
        done({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
    });
  const inShell = ({ code }: Snippet) => run("bash", ["-euc", code]);
  const asProgram = async (code: string) => {
    await writeFile(join(scene().project.folder, "platform.ts"), code);
    return run("tsx", ["platform.ts"]);
  };
  const [withPulumi, fromTooling, asPolicy, ...others] = ways;

  it("README: the stacks of a clone, each way in ten lines", () => {
    assert.deepEqual(
      ways.map(({ language }) => language),
      ["sh", "ts", "sh"],
    );
    for (const { code } of ways) {
      const lines = code.split("\n").filter((line) => line.trim() !== "");
      assert.ok(lines.length <= LINES, code);
    }
    assert.deepEqual(others, []);
  });

  it("README: with Pulumi", async () => {
    assert.ok(withPulumi);
    // The packages are there, and installing them again would take them from the other tests.
    const [install, ...commands] = withPulumi.code.split("\n");
    assert.equal(install, "npm ci");

    const { code, stdout, stderr } = await inShell({ language: "sh", code: commands.join("\n") });

    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /\+ \d+ created/);
    assert.match(stdout, /notation sign /);
  });

  it("README: from tooling", async () => {
    assert.ok(fromTooling);

    const { code, stdout, stderr } = await asProgram(fromTooling.code);

    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^summary$/m);
    assert.match(stdout, /same: \d+ .*arn:aws:signer:eu-west-1:111122223333:\/signing-profiles\//s);
  });

  it("README: as policy", async () => {
    assert.ok(asPolicy);

    const { code, stdout, stderr } = await inShell(asPolicy);

    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /Policies:\s+\S* ecs-image-verification/);
  });

  it("docs/automation.md: an environment of either kind", async () => {
    const [ofFolder, inline] = snippets("docs/automation.md", "An environment");
    await scene().project.configure("prod", (before) => before);
    runsIn("team-a", scene().project.folder);
    const lines = [
      'import { createEnvironment } from "./automation";',
      "async function main() {",
      ofFolder?.code,
      inline?.code,
      "const changes = [await prod.preview(), await teamA.preview()].map(({ changes }) => changes.create ?? 0);",
      "if (changes.some((count) => count < 30)) throw new Error(String(changes));",
      "}",
      "main().catch((error) => { console.error(error); process.exitCode = 1; });",
    ];
    const { code, stderr } = await asProgram(
      `process.env.SLACK_WEBHOOK_URL = "https://hooks.slack.com/x";\n${lines.join("\n")}`,
    );

    assert.equal(code, 0, stderr);
  });
});
