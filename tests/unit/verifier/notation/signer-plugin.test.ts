import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  findSignerPlugin,
  pluginPlace,
  pluginProblem,
  SIGNER_PLUGIN_NAME,
} from "../../../../verifier/src/notation/signer-plugin";

describe("the AWS Signer plugin on this machine", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "plugin-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function install(home: string, mode = 0o755): Promise<string> {
    const file = join(home, "plugins", SIGNER_PLUGIN_NAME, `notation-${SIGNER_PLUGIN_NAME}`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, "#!/bin/sh\n", { mode });
    return file;
  }

  it("is what SIGNER_PLUGIN names, whatever is installed", async () => {
    await install(folder);

    assert.deepEqual(findSignerPlugin({ SIGNER_PLUGIN: "/a/plugin", NOTATION_CONFIG: folder }), {
      plugin: "/a/plugin",
    });
  });

  it("is where Notation keeps its plugins: the first of the folders that variables name", async () => {
    const [first, second, third, last] = ["libexec", "config", "xdg", "home"].map((name) => join(folder, name));
    assert.ok(first && second && third && last);
    const places = { NOTATION_LIBEXEC: first, NOTATION_CONFIG: second, XDG_CONFIG_HOME: third, HOME: last };
    const plugins = [
      await install(first),
      await install(second),
      await install(join(third, "notation")),
      await install(join(last, ".config", "notation")),
    ];

    const { NOTATION_LIBEXEC: _, ...withoutLibexec } = places;
    const { NOTATION_CONFIG: __, ...withoutConfig } = withoutLibexec;
    const found = [places, withoutLibexec, withoutConfig, { HOME: last }].map((env) => findSignerPlugin(env).plugin);

    assert.deepEqual(found, plugins);
  });

  it("is in this user's folder of macOS there, whatever XDG_CONFIG_HOME says", () => {
    const place = pluginPlace({ HOME: "/Users/me", XDG_CONFIG_HOME: "/elsewhere" }, "darwin");

    assert.equal(
      place,
      `/Users/me/Library/Application Support/notation/plugins/${SIGNER_PLUGIN_NAME}/notation-${SIGNER_PLUGIN_NAME}`,
    );
  });

  it("is missing: the problem says where it was looked for", () => {
    const place = join(folder, ".config/notation/plugins", SIGNER_PLUGIN_NAME, `notation-${SIGNER_PLUGIN_NAME}`);

    assert.deepEqual(findSignerPlugin({ HOME: folder }), {
      problem: `AWS Signer plugin for Notation was not found at ${place}`,
    });
    assert.deepEqual(findSignerPlugin({}), { problem: "AWS Signer plugin for Notation was not found" });
  });

  it("is of no use if it cannot be run", async () => {
    const place = await install(folder, 0o644);

    assert.deepEqual(findSignerPlugin({ NOTATION_LIBEXEC: folder }), {
      problem: `AWS Signer plugin for Notation at ${place} is not executable`,
    });
  });

  it("is not there where a file stands in its path, or a name is too long for one", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");

    assert.equal(pluginProblem(join(file, "plugin")), "is not there");
    assert.equal(pluginProblem(join(folder, "x".repeat(300))), "cannot be looked at (ENAMETOOLONG)");
  });
});
