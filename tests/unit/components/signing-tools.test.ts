import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findSigningTools, SigningToolsMissingError, signingCommand } from "../../../components/sample/signing-tools";

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

    const tools = findSigningTools({ PATH: join(folder, "bin"), XDG_CONFIG_HOME: folder }, "arm64", "x64");

    assert.deepEqual(tools, { kind: "machine", verifier, plugin });
  });

  it("is the programs that variables name, before all others", () => {
    const named = { NOTATION_VERIFIER: "/a/verifier", SIGNER_PLUGIN: "/a/plugin" };

    assert.deepEqual(findSigningTools(named, "arm64"), {
      kind: "machine",
      verifier: "/a/verifier",
      plugin: "/a/plugin",
    });
  });

  it("is the verifier's image, where Docker can run it", async () => {
    const docker = await executable("bin", "docker");

    const tools = findSigningTools({ PATH: join(folder, "bin") }, "x86_64", "x64");

    assert.deepEqual(tools, { kind: "image", docker });
  });

  it("is missing: the error says what was looked for and what to do", () => {
    assert.throws(
      () => findSigningTools({ PATH: folder }, "arm64", "x64"),
      (error) =>
        error instanceof SigningToolsMissingError &&
        /notation-verifier was not found/.test(error.message) &&
        /Docker is not on the PATH/.test(error.message) &&
        /NOTATION_VERIFIER .* SIGNER_PLUGIN.* set sampleWorkload to false/.test(error.message),
    );
  });

  it("is missing where Docker cannot run an image of another architecture", async () => {
    await executable("bin", "docker");
    const environment = { PATH: join(folder, "bin"), NOTATION_VERIFIER: "/a/verifier" };

    assert.throws(
      () => findSigningTools(environment, "arm64", "x64"),
      /the AWS Signer plugin for Notation was not found\. Docker is there, but the verifier's image is for arm64/,
    );
  });

  const REQUEST = {
    image: "registry/app@sha256:1",
    profile: "arn:profile",
    verifierImage: "registry/verifier@sha256:2",
  };

  it("gets the registry's credentials on standard input", () => {
    const tools = { kind: "machine", verifier: "/a/verifier", plugin: "/a/plugin" } as const;

    const command = signingCommand(tools, REQUEST, { AWS_SECRET_ACCESS_KEY: "hidden" });

    const rest = ["sign", "--profile", "arn:profile", "--plugin", "/a/plugin", "--credentials-stdin", REQUEST.image];
    assert.deepEqual(command, ["/a/verifier", ...rest]);
  });

  it("gets AWS credentials through Docker by the names of variables, never by their values", () => {
    const environment = {
      HOME: "/home/a",
      AWS_ACCESS_KEY_ID: "AKIA",
      AWS_SECRET_ACCESS_KEY: "hidden",
      AWS_REGION: "r",
    };

    const command = signingCommand({ kind: "image", docker: "/bin/docker" }, REQUEST, environment);

    const names = ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].flatMap((name) => ["--env", name]);
    assert.deepEqual(command, [
      "/bin/docker",
      "run",
      "--rm",
      "--interactive",
      ...names,
      "--volume",
      "/home/a/.aws:/home/.aws:ro",
      "--env",
      "HOME=/home",
      "--entrypoint",
      "/opt/ecs-image-verification/notation-verifier",
      "registry/verifier@sha256:2",
      "sign",
      "--profile",
      "arn:profile",
      "--plugin",
      "/opt/ecs-image-verification/signer-plugin",
      "--credentials-stdin",
      "registry/app@sha256:1",
    ]);
  });
});
