import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import {
  buildArguments,
  findSigningTools,
  runArguments,
  SigningToolsMissingError,
  signArguments,
} from "../../../../components/sample/signing-tools";

const PLUGIN = "com.amazonaws.signer.notation.plugin";

describe("what signs the sample", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "tools-"));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function executable(...path: readonly string[]): Promise<string> {
    const file = join(folder, ...path);
    await mkdir(join(file, ".."), { recursive: true });
    await writeFile(file, "#!/bin/sh\n");
    await chmod(file, 0o755);
    return file;
  }

  it("is the programs of this machine, on the PATH and where Notation keeps its plugins", async () => {
    const verifier = await executable("bin", "notation-verifier");
    const plugin = await executable("notation", "plugins", PLUGIN, `notation-${PLUGIN}`);

    const tools = findSigningTools({ PATH: join(folder, "bin"), XDG_CONFIG_HOME: folder });

    assert.deepEqual(tools, { kind: "machine", verifier, plugin });
  });

  it("is the programs that variables name, before all others", () => {
    const named = { NOTATION_VERIFIER: "/a/verifier", SIGNER_PLUGIN: "/a/plugin" };

    assert.deepEqual(findSigningTools(named), { kind: "machine", verifier: "/a/verifier", plugin: "/a/plugin" });
  });

  it("is what Docker builds, where one of the programs is missing", async () => {
    const docker = await executable("bin", "docker");
    const path = { PATH: join(folder, "bin") };

    assert.deepEqual(findSigningTools(path), { kind: "engine", docker });
    assert.deepEqual(findSigningTools({ ...path, NOTATION_VERIFIER: "/a/verifier" }), { kind: "engine", docker });
  });

  it("is missing: the error says what was looked for and what to do", () => {
    assert.throws(
      () => findSigningTools({ PATH: folder }),
      (error) =>
        error instanceof SigningToolsMissingError &&
        /notation-verifier was not found, and docker is not on the PATH/.test(error.message) &&
        /install and start Docker.* NOTATION_VERIFIER .* SIGNER_PLUGIN.* set sampleWorkload to false/.test(
          error.message,
        ),
    );
    assert.throws(
      () => findSigningTools({ PATH: folder, NOTATION_VERIFIER: "/a/verifier" }),
      /the AWS Signer plugin for Notation was not found/,
    );
  });

  it("is missing where docker has no engine: the error says what docker says", async () => {
    const docker = await executable("bin", "docker");
    await writeFile(docker, "#!/bin/sh\necho 'Cannot connect to the Docker daemon at unix:///x.' >&2; exit 1\n");

    assert.throws(
      () => findSigningTools({ PATH: join(folder, "bin") }),
      /was not found, and docker has no engine \(Cannot connect to the Docker daemon at unix:\/\/\/x\)\. Do one/,
    );
  });

  const REQUEST = { image: "registry/app@sha256:1", profile: "arn:profile" };

  it("signs once", () => {
    const flags = ["--profile", "arn:profile", "--plugin", "/a/plugin", "--unless-signed"];

    assert.deepEqual(signArguments(REQUEST, "/a/plugin"), ["sign", ...flags]);
  });

  it("is built for the platform of the engine, whatever that is, from the verifier's Dockerfile", () => {
    const context = resolve(__dirname, "../../../../verifier");

    assert.deepEqual(buildArguments(undefined), ["build", "--quiet", "--target", "signing", context]);
    assert.deepEqual(buildArguments("mirror/golang:1").slice(4, -1), ["--build-arg", "GO_IMAGE=mirror/golang:1"]);
  });

  it("gets AWS credentials through Docker by the names of variables, never by their values, and the registry's on standard input", () => {
    const command = runArguments("sha256:2", REQUEST);

    const names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
    assert.deepEqual(command, [
      ...["run", "--rm", "--interactive", "--entrypoint", "/opt/ecs-image-verification/notation-verifier"],
      ...["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"],
      ...names.flatMap((name) => ["--env", name]),
      "sha256:2",
      ...signArguments(REQUEST, "/opt/ecs-image-verification/signer-plugin"),
      ...["--credentials-stdin", REQUEST.image],
    ]);
  });
});
