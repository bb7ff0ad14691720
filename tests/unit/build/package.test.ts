import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { withoutTypeModifiers } from "../../../build/plain-declarations";
import * as manifest from "../../../package.json";

const ROOT = join(__dirname, "../../..");
/** What is loaded in the checkout only. */
const CHECKOUT_ONLY = ["esbuild", "tsx"];

describe("the npm package", function () {
  this.timeout(60_000);

  it("depends on exactly the packages that its code loads", async () => {
    const loaded = await packagesOf(await compiledFiles());

    const installed = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)];
    assert.deepEqual(installed.sort(), loaded.filter((name) => !CHECKOUT_ONLY.includes(name)).sort());
  });

  it("has the packages of Pulumi as peers, so that a program and its components share one copy of each", () => {
    const peers: Readonly<Record<string, string>> = manifest.peerDependencies;
    const tested: Readonly<Record<string, string>> = manifest.devDependencies;

    assert.ok(Object.keys(manifest.dependencies).every((name) => !name.startsWith("@pulumi/")));
    for (const [name, range] of Object.entries(peers)) assert.equal(range, `^${tested[name]}`, name);
  });

  it("has the files that README links to, at the same places", async () => {
    const readme = await readFile(join(ROOT, "README.md"), "utf8");
    const links = [...readme.matchAll(/\]\((?![a-z]+:|#)([^)#]+)/g)].map(([, path = ""]) => path);
    // npm puts it in without being told.
    const files = [...manifest.files, "LICENSE"];

    assert.ok(links.includes("docs/runbook.md") && links.includes("SECURITY.md"));
    assert.deepEqual(
      links.filter((link) => !files.some((file) => link === file || link.startsWith(`${file}/`))),
      [],
    );
  });

  it("pins everything else", () => {
    const versions = Object.values({ ...manifest.dependencies, ...manifest.devDependencies });
    assert.deepEqual(
      versions.filter((version) => !/^(npm:\S+@)?\d+\.\d+\.\d+$/.test(version)),
      [],
    );
  });

  it("uses AWS clients of one version", () => {
    const all = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    const versions = new Set(all.flatMap(([name, version]) => (name.startsWith("@aws-sdk/client-") ? [version] : [])));
    assert.equal(versions.size, 1);
  });

  it("has a component plugin of its own version", async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, "plugin/package.json"), "utf8"));
    assert.equal(version, manifest.version);
  });

  it("exports what is compiled, to TypeScript's old module resolution as well", async () => {
    const files = await compiledFiles();

    for (const [name, target] of Object.entries(manifest.exports)) {
      if (typeof target === "string") continue;
      const source = target.default.replace(/^\.\/lib\/(.*)\.js$/, "$1.ts");
      assert.ok(files.includes(source), source);
      const older =
        name === "."
          ? [manifest.types]
          : Object.entries(manifest.typesVersions["*"]).find(([key]) => `./${key}` === name)?.[1];
      assert.deepEqual(
        older?.map((file) => `./${file}`),
        [target.types],
      );
    }
  });
});

describe("the programs that are run in a process of their own", () => {
  it("are compiled into the package, although no code imports them", async () => {
    const compiled = await compiledFiles();
    const programs = (await readdir(join(ROOT, "components"), { recursive: true })).filter((name) =>
      name.endsWith("-main.ts"),
    );

    assert.ok(programs.length > 0);
    for (const name of programs) assert.ok(compiled.includes(join("components", name)), name);
  });
});

describe("declarations without type modifiers", () => {
  it("import and export the same names, in the syntax of TypeScript 3.8", () => {
    const written = [
      'import { type A, b, type C as D } from "./x";',
      'export { type E, f } from "./y";',
      "export { type G };",
      "export interface H { type: string; }",
    ];
    assert.deepEqual(withoutTypeModifiers(written.join("\n")).split("\n"), [
      'import { A, b, C as D } from "./x";',
      'export { E, f } from "./y";',
      "export { G };",
      "export interface H { type: string; }",
    ]);
  });

  it("keep an import of types alone, and names that begin with type", () => {
    const written = 'import type { A } from "./x";\nimport { typeOf, type } from "./y";\nexport type { B } from "./z";';
    assert.equal(withoutTypeModifiers(written), written);
  });
});

/** The sources that are compiled, from the root. */
async function compiledFiles(): Promise<readonly string[]> {
  const { include } = JSON.parse(await readFile(join(ROOT, "tsconfig.lib.json"), "utf8")) as { include: string[] };
  return include;
}

/** The packages that files and all that they load need, loaded later or not. */
async function packagesOf(entryPoints: readonly string[]): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [...entryPoints],
    outdir: "nowhere",
    write: false,
    metafile: true,
    bundle: true,
    packages: "external",
    platform: "node",
    logLevel: "silent",
  });
  const paths = Object.values(metafile.inputs).flatMap(({ imports }) => imports.filter(({ external }) => external));
  const names = paths.flatMap(({ path }) => /^(?!node:)(@[^/]+\/[^/]+|[^/]+)/.exec(path)?.[1] ?? []);
  return [...new Set(names)];
}
