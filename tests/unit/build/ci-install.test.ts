import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const SCRIPT = resolve(__dirname, "../../../build/ci/install.sh");
const PLUGIN =
  ".config/notation/plugins/com.amazonaws.signer.notation.plugin/notation-com.amazonaws.signer.notation.plugin";

/** Programs that only write down how they were called. */
const NOTES = `#!/bin/sh
echo "$(basename "$0") $*" >> "$CALLS"
`;
/** As Node.js is called with the command line. */
const INSTALLS = "node bin/ecs-image-verification plugin install";

describe("installing what a pipeline needs", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "ci-install-"));
    await mkdir(join(folder, "bin"));
    for (const name of ["node", "npm", "go"]) await writeExecutable(join(folder, "bin", name), NOTES);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function writeExecutable(file: string, content: string): Promise<void> {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    await chmod(file, 0o755);
  }

  /** Runs the script with the programs of the test in the place of Node.js, npm and Go. */
  async function install(env: Readonly<Record<string, string>> = {}) {
    const calls = join(folder, "calls");
    const PATH = `${join(folder, "bin")}:/usr/bin:/bin`;
    const { code, stderr } = await new Promise<{ code: number; stderr: string }>((done) => {
      execFile("/bin/bash", [SCRIPT], { env: { PATH, HOME: folder, CALLS: calls, ...env } }, (error, _, text) =>
        done({ code: error === null ? 0 : Number(error.code), stderr: text }),
      );
    });
    const lines = existsSync(calls) ? (await readFile(calls, "utf8")).trimEnd().split("\n") : [];
    return { code, stderr, lines };
  }

  it("installs the packages, the plugin where it is missing, and the verifier", async () => {
    const { code, lines, stderr } = await install();

    assert.equal(code, 0, stderr);
    assert.deepEqual(lines, ["npm ci --no-audit --no-fund", INSTALLS, "node --import tsx build/ci/build-verifier.ts"]);
  });

  it("leaves a plugin alone that is there", async () => {
    await writeExecutable(join(folder, PLUGIN), "theirs");

    const { code, lines } = await install();

    assert.equal(code, 0);
    assert.ok(!lines.includes(INSTALLS));
    assert.equal(await readFile(join(folder, PLUGIN), "utf8"), "theirs");
  });

  it("uses the plugin that SIGNER_PLUGIN names", async () => {
    const SIGNER_PLUGIN = join(folder, "plugin");
    await writeExecutable(SIGNER_PLUGIN, "theirs");

    const { code, lines } = await install({ SIGNER_PLUGIN });

    assert.equal(code, 0);
    assert.ok(!lines.includes(INSTALLS));
    assert.ok(!existsSync(join(folder, PLUGIN)));
  });

  it("says so where SIGNER_PLUGIN names nothing that can be run", async () => {
    const { code, stderr } = await install({ SIGNER_PLUGIN: join(folder, "nothing") });

    assert.equal(code, 1);
    assert.match(stderr, /SIGNER_PLUGIN=.*nothing is not an executable file/);
  });

  it("says what to install where Go is missing", async () => {
    await rm(join(folder, "bin", "go"));
    await symlink("/usr/bin/dirname", join(folder, "bin", "dirname"));

    const { code, stderr, lines } = await install({ PATH: join(folder, "bin") });

    assert.deepEqual([code, lines], [1, []]);
    assert.match(stderr, /^go is not installed: install Node\.js 22 or newer and Go 1\.26 or newer/);
  });
});
