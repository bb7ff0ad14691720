import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { delimiter, join } from "node:path";
import type { Run } from "../support/running-command";
import { snippets } from "../support/snippets";
import { program } from "./support/program";
import { useScene } from "./support/scene";

const PAGE = "docs/teardown.md";
const NOT_EMPTY = /ECR Repository .* not empty, consider using force_delete/;

describe("engine: docs/teardown.md", function () {
  this.timeout(120_000);
  const scene = useScene(program);

  /** Runs commands in a shell, in the project's folder; there is nobody to answer "yes". */
  const inShell = (code: string): Promise<Run> => {
    const { root, variables } = scene().engine;
    const path = [join(root, "bin"), variables.PATH].join(delimiter);
    const env = { ...variables, PATH: path, PULUMI_SKIP_CONFIRMATIONS: "true", NO_COLOR: "1" };
    return new Promise((done) => {
      execFile("bash", ["-euc", code], { cwd: scene().project.folder, env }, (error, stdout, stderr) =>
        done({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
    });
  };
  const left = async (stack: string) => (await scene().state(stack)).filter(({ type }) => !type.startsWith("pulumi:"));
  const codeOf = (heading: string, place = 0) => {
    const snippet = snippets(PAGE, heading)[place];
    assert.equal(snippet?.language, "sh");
    return snippet.code;
  };

  it("dev: one command, and nothing is left", async () => {
    assert.equal((await scene().run("up", "dev")).code, 0);

    const { code, stdout, stderr } = await inShell(codeOf("Without protection"));

    assert.equal(code, 0, stdout + stderr);
    assert.deepEqual(await left("dev"), []);
  });

  it("prod: destroy alone stops at the images, and the environment is not watched any more", async () => {
    assert.equal((await scene().run("up", "prod")).code, 0);

    const { code, errors } = await scene().run("destroy", "prod");

    assert.notEqual(code, 0);
    assert.match(errors.join("\n"), NOT_EMPTY);
    const types = (await left("prod")).map(({ type }) => type);
    for (const type of ["ecr/repository:Repository", "dynamodb/table:Table", "signer/signingProfile:SigningProfile"]) {
      assert.ok(types.includes(`aws:${type}`), type);
    }
    assert.ok(!types.includes("aws:cloudwatch/eventRule:EventRule"));
  });

  it("prod: without the update in between the settings change nothing", async () => {
    await inShell(codeOf("With protection").replace(/^pulumi (?:up|destroy).*\n/gm, ""));

    const { code, errors } = await scene().run("destroy", "prod");

    assert.notEqual(code, 0);
    assert.match(errors.join("\n"), NOT_EMPTY);
  });

  it("prod: the steps of the page, and nothing is left", async () => {
    const { code, stdout, stderr } = await inShell(codeOf("With protection"));

    assert.equal(code, 0, stdout + stderr);
    assert.deepEqual(await left("prod"), []);
  });

  it("prod: the one command, and nothing is left but the stack's file, with its protection", async () => {
    const guarded = { "ecs-image-verification:protect": true, "ecs-image-verification:forceDelete": false };
    await scene().project.configure("prod", (old) => ({ ...old, ...guarded }));
    assert.equal((await scene().run("up", "prod")).code, 0);
    const command = codeOf("With protection", 1).trimEnd();

    const { code, stdout, stderr } = await inShell(`${command} --yes --project .`);

    assert.equal(code, 0, stdout + stderr);
    assert.deepEqual(await left("prod"), []);
    const { stdout: kept } = await inShell("pulumi config get protect --stack prod");
    assert.equal(kept.trim(), "true");
  });
});
