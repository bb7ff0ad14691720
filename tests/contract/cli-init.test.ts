import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { CLI } from "../support/running-command";
import { skipOrFail } from "../support/skip-or-fail";
import { CTRL_C, startOnTerminal } from "../support/terminal";

describe("init on a terminal", () => {
  let folder: string;

  before("look for script", function () {
    if (spawnSync("script", ["--version"]).error) skipOrFail(this, "script (util-linux) is not installed.");
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "init-terminal-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const start = (...words: readonly string[]) =>
    startOnTerminal([process.execPath, CLI, "init", "--folder", folder, ...words], {
      PATH: process.env.PATH,
      AWS_REGION: "eu-west-1",
      NO_COLOR: "1",
    });

  it("asks what no option says, with what is usual, and asks again until an answer can be used", async () => {
    const terminal = start("--account", "111122223333");
    await terminal.shows(/What for: .*\[deployment\]: /);
    terminal.type("\r");
    await terminal.shows(/Name of the environment.*\[dev\]: /);
    terminal.type("../x\r");
    await terminal.shows(/must be the name of a stack[\s\S]*\[dev\]: /);
    terminal.type("test\r");
    await terminal.shows(/AWS region \[eu-west-1\]: /);
    terminal.type("\r");
    await terminal.shows(/enforce\)\? \[audit\]: /);
    terminal.type("perhaps\r");
    await terminal.shows(/It must be audit or enforce\.[\s\S]*\[audit\]: /);
    terminal.type("enforce\r");
    await terminal.shows(/production.* \[no\]: /);
    terminal.type("yes\r");
    await terminal.shows(/Registries .*\[self\]: /);
    terminal.type("\r");
    await terminal.shows(/Whom to trust: .*\[self\]: /);
    terminal.type("arn:aws:signer:eu-west-1:111122223333:/signing-profile/a_b\r");
    await terminal.shows(/never matches a signature[\s\S]*\[self\]: /);
    terminal.type("\r");
    await terminal.shows(/E-mail addresses .*: /);
    terminal.type("a@example.com, b@example.com\r");
    const { code, screen } = await terminal.ended;

    assert.equal(code, 0, screen);
    const { config } = parse(await readFile(join(folder, "Pulumi.test.yaml"), "utf8"));
    assert.equal(config["aws:region"], "eu-west-1");
    assert.deepEqual(config["aws:allowedAccountIds"], ["111122223333"]);
    assert.equal(config["ecs-image-verification:mode"], "enforce");
    assert.equal(config["ecs-image-verification:protect"], true);
    assert.deepEqual(config["ecs-image-verification:notifications"].email, [
      { address: "a@example.com" },
      { address: "b@example.com" },
    ]);
  });

  it("Ctrl-C: writes nothing", async () => {
    const terminal = start();
    await terminal.shows(/What for: /);
    terminal.type(CTRL_C);
    const { code, screen } = await terminal.ended;

    assert.equal(code, 130);
    assert.match(screen, /Nothing was done\./);
    assert.deepEqual(await readdir(folder), []);
  });
});
