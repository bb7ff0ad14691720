import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildWithDocker } from "../../../cli/images/docker";

const BUILD = { context: "/c", platform: "linux/arm64", args: {}, tag: "r:t", network: undefined };

/** Runs a program called docker: whether it is found and what it has is the point. */
describe("image build: the Docker of this machine", () => {
  let folder: string;
  const { PATH } = process.env;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "docker-"));
    process.env.PATH = folder;
  });

  afterEach(async () => {
    process.env.PATH = PATH;
    await rm(folder, { recursive: true, force: true });
  });

  const docker = (...cases: readonly string[]) =>
    writeFile(join(folder, "docker"), ["#!/bin/sh", 'case "$1" in', ...cases, "esac"].join("\n"), { mode: 0o755 });

  it("has buildx, or is older than 23 and needs none", async () => {
    await docker("buildx) exit 0;;", "*) exit 9;;");
    await buildWithDocker(BUILD);

    await docker("buildx) exit 1;;", "--version) echo Docker version 20.10.24, build 297e128;;", "build) exit 0;;");
    await buildWithDocker(BUILD);
  });

  it("of 23 and newer without buildx: the error says what to install", async () => {
    await docker("buildx) exit 1;;", "--version) echo Docker version 27.3.1, build ce12230;;", "*) exit 9;;");

    await assert.rejects(buildWithDocker(BUILD), {
      name: "CommandFailedError",
      message: /^docker 27\.3\.1 has no buildx\. [\s\S]*Install it: the package docker-buildx-plugin/,
    });
  });

  it("is not there, or is no program: the error says so", async () => {
    await assert.rejects(buildWithDocker(BUILD), {
      message: /^docker is not on the PATH\. Install Docker with buildx/,
    });

    await writeFile(join(folder, "docker"), "", { mode: 0o644 });
    await assert.rejects(buildWithDocker(BUILD), { message: /^docker cannot be run \(EACCES\)\. Install Docker/ });
  });
});
