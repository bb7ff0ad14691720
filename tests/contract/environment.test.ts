import assert from "node:assert/strict";
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeNotationConfig } from "../../verifier/src/notation/config-folder";
import { startNotation } from "../../verifier/src/notation/serve";
import { writeNodeProgram, writeShellScript } from "../support/executables";
import { judgeByAnyone } from "./support/judge-by-anyone";
import { useScene } from "./support/scene";

/** Nobody's on most systems; Lambda's user has as little to say. */
const unprivilegedUser = 65534;

describe("contract: environment", () => {
  const scene = useScene();
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "lambda-"));
  });
  afterEach(async () => {
    await chmod(folder, 0o755);
    // A plugin that waited in advance may still be writing as it ends.
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it("37: working and temporary folder not writable, HOME unset, as on Lambda -> trusted", async () => {
    const { stack } = scene();
    const image = await scene().image();
    await scene().sign(image);
    const config = join(folder, "config");
    await writeNotationConfig(config, scene().trust(), [{ name: "root.crt", pem: stack.signer.rootPem }]);
    const [verifier, plugin] = [join(folder, "verifier"), join(folder, "plugin")];
    await copyFile(stack.programs.verifier, verifier);
    await copyFile(stack.programs.plugin, plugin);
    const readOnly = join(folder, "read-only");
    await mkdir(readOnly);
    const executable = await startedAsOnLambda(verifier, readOnly);
    for (const path of [folder, readOnly]) await chmod(path, 0o555);

    const environment = { ...stack.environment, TMPDIR: readOnly };
    const signerEndpoint = stack.signer.url;
    const notation = startNotation({ executable, config, plugin, environment, signerEndpoint, plainHttp: true });
    const facts = await notation.verify({ reference: image.reference, deadlineMs: 10_000 });
    await notation.stop();

    const { code, detail } = judgeByAnyone(facts);
    assert.equal(code, "signature-valid", detail);
  });

  it("the plugin gets the environment that the process was given, the Signer endpoint and no retries, nothing else", async () => {
    const { stack } = scene();
    const image = await scene().image();
    await scene().sign(image);
    const list = join(folder, "environment");
    const plugin = await writeShellScript(
      join(folder, "plugin"),
      // Another one may wait in advance and list its environment meanwhile: a list is there as a whole or not at all.
      `[ "$1" = get-plugin-metadata ] || { /usr/bin/env > '${list}'.$$; mv '${list}'.$$ '${list}'; }\nexec '${stack.programs.plugin}' "$@"`,
    );

    const { notation } = await scene().startVerifiers({ plugin });
    const facts = await notation.verify({ reference: image.reference, deadlineMs: 10_000 });

    assert.equal(judgeByAnyone(facts).code, "signature-valid");
    const names = (await readFile(list, "utf8")).split("\n").map((line) => line.split("=")[0] ?? "");
    const setByTheShell = ["", "PWD", "OLDPWD", "SHLVL", "_"];
    const setForTheEndpoint = ["AWS_ENDPOINT_URL_SIGNER", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"];
    const emptied = ["http_proxy", "https_proxy", "no_proxy"];
    const setForRetries = ["AWS_MAX_ATTEMPTS"];
    const expected = [...Object.keys(stack.environment), ...setForTheEndpoint, ...emptied, ...setForRetries];
    assert.deepEqual(names.filter((name) => !setByTheShell.includes(name)).sort(), expected.sort());
  });

  /** A program that starts another one in the given folder, as a user without rights if this one may choose. */
  function startedAsOnLambda(executable: string, cwd: string): Promise<string> {
    const user = process.getuid?.() === 0 ? { uid: unprivilegedUser, gid: unprivilegedUser } : {};
    const options = { cwd, stdio: "inherit", ...user };
    return writeNodeProgram(
      join(folder, "start"),
      `const { spawn } = require("node:child_process");
       const options = ${JSON.stringify(options)};
       const child = spawn(${JSON.stringify(executable)}, process.argv.slice(2), { ...options, env: process.env });
       child.once("exit", (code) => process.exit(code ?? 1));`,
    );
  }
});
