import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const checkout = resolve(__dirname, "../../..");

/** What takes long to load, and no help needs. */
const HEAVY = ["zod", "yaml", "@aws-sdk", "@smithy", "@pulumi", "@grpc", "listr2"];

/** As of when it was 111: those of tsx and commander, and a file for each command with its options. */
const MOST_MODULES = 115;

describe("the start of the command line", () => {
  it("loads little for --help: what a command needs is loaded when it runs", () => {
    const modules = modulesLoadedBy("--help");

    assert.deepEqual(
      modules.filter((file) => HEAVY.some((name) => file.startsWith(`node_modules/${name}/`))),
      [],
    );
    assert.ok(modules.includes("cli/images/verify.ts"));
    assert.deepEqual(
      modules.filter((file) => file.endsWith("-action.ts")),
      [],
    );
    assert.ok(modules.length <= MOST_MODULES, `${modules.length} modules:\n${modules.join("\n")}`);
  });

  it("loads what a command does by a path that the compiler has checked: the same as that of its type", () => {
    const loads = readdirSync(join(checkout, "cli"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .flatMap((file) => [
        ...readFileSync(join(checkout, "cli", file), "utf8").matchAll(
          /require\("([^"]+)"\) as typeof import\("([^"]+)"\)/g,
        ),
      ]);

    assert.ok(loads.length > 15);
    for (const [text, required, typed] of loads) assert.equal(required, typed, text);
  });
});

/** The modules of this repository and its packages that a call loads, by their path in the checkout. */
function modulesLoadedBy(...call: readonly string[]): readonly string[] {
  const script = `
    process.on("exit", () => process.stderr.write(JSON.stringify(Object.keys(require.cache))));
    require(process.argv[1]);`;
  // The command line finds its own path in the second place, as if it were called by it.
  const args = ["-e", script, join(checkout, "bin/ecs-image-verification"), ...call];
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", env });
  assert.equal(status, 0, stderr);
  const files: readonly string[] = JSON.parse(stderr);
  // node_modules may be a link to another folder.
  return files.map((file) => file.replace(/^.*\/(?=node_modules\/)/, "").replace(`${checkout}/`, ""));
}
