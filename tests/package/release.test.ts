import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import * as z from "zod";
import { goVersion } from "../../build/go";
import { platformName } from "../../build/program";
import { orSkip } from "../support/skip-or-fail";

const checkout = resolve(__dirname, "../..");
const HOST = platformName(process.platform, process.arch);

/** What CycloneDX asks of a document, as far as it is used here. */
const sbomSchema = z.looseObject({
  bomFormat: z.literal("CycloneDX"),
  specVersion: z.literal("1.5"),
  serialNumber: z.string().regex(/^urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  version: z.literal(1),
  metadata: z.looseObject({
    timestamp: z.string(),
    component: z.looseObject({ name: z.string(), version: z.string() }),
  }),
  components: z.array(
    z.looseObject({
      "bom-ref": z.string(),
      type: z.enum(["application", "library"]),
      name: z.string(),
      version: z.string(),
      purl: z.string().startsWith("pkg:").optional(),
    }),
  ),
  dependencies: z.array(z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()) })),
});

/** `npm run release`, in a checkout of its own, for this machine's platform. */
describe("a release", () => {
  let home: string;
  let clone: string;
  let version: string;

  const files = () => readdir(join(clone, "dist/release"));
  const make = (folder: string, args: readonly string[], cache?: string) =>
    spawnSync(process.execPath, ["--import", "tsx", "build/release/main.ts", ...args], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, ...(cache === undefined ? {} : { ECS_IMAGE_VERIFICATION_CACHE: cache }) },
    });

  before(async function () {
    await orSkip(this, goVersion);
    home = await mkdtemp(join(tmpdir(), "release-"));
    clone = await cloneOf(join(home, "clone"));
    version = JSON.parse(await readFile(join(clone, "package.json"), "utf8")).version;
    const { status, stdout, stderr } = make(clone, ["--snapshot", "--platform", HOST]);
    assert.equal(status, 0, stderr);
    assert.deepEqual(
      stdout.match(/dist\/release\/.*/g)?.map((line) => line.replace("dist/release/", "")),
      await files(),
    );
  });
  after(() => (home === undefined ? undefined : rm(home, { recursive: true, force: true })));

  it("has the package, an archive of the programs, what they are made of, checksums and notes", async () => {
    assert.deepEqual(await files(), [
      "SHA256SUMS",
      `ecs-image-verification-${version}.cdx.json`,
      `ecs-image-verification-${version}.tgz`,
      `ecs-image-verification-programs-${version}-${HOST}.tar.gz`,
      "release-notes.md",
    ]);
  });

  it("has checksums that sha256sum reads", async () => {
    const said = execFileSync("sha256sum", ["--check", "SHA256SUMS"], {
      cwd: join(clone, "dist/release"),
      encoding: "utf8",
    });

    const others = (await files()).filter((name) => name !== "SHA256SUMS");
    assert.equal(said, others.map((name) => `${name}: OK\n`).join(""));
  });

  it("has programs that run, their licences, and the stand-ins apart", async () => {
    const name = `ecs-image-verification-programs-${version}-${HOST}`;
    execFileSync("tar", ["-xzf", join(clone, `dist/release/${name}.tar.gz`), "-C", home]);

    const folder = join(home, name);
    assert.deepEqual((await readdir(folder, { recursive: true })).sort(), [
      "LICENSE",
      "THIRD-PARTY-NOTICES",
      "notation-verifier",
      "playground",
      "playground/local-registry",
      "playground/notation-com.amazonaws.signer.notation.plugin",
    ]);
    const metadata = execFileSync(
      join(folder, "playground/notation-com.amazonaws.signer.notation.plugin"),
      ["get-plugin-metadata"],
      { input: "{}", encoding: "utf8" },
    );
    assert.equal(JSON.parse(metadata).name, "com.amazonaws.signer.notation.plugin");
    assert.match(await readFile(join(folder, "THIRD-PARTY-NOTICES"), "utf8"), /^ {2}oras\.land\/oras-go\/v2 v/m);
  });

  it("has the programs in the package as well", () => {
    const listed = execFileSync("tar", ["-tzf", join(clone, `dist/release/ecs-image-verification-${version}.tgz`)], {
      encoding: "utf8",
    }).split("\n");

    const programs = listed.filter((name) => name.startsWith("package/lib/programs/")).sort();
    assert.deepEqual(programs, [
      "package/lib/programs/THIRD-PARTY-NOTICES",
      `package/lib/programs/${HOST}/local-registry`,
      `package/lib/programs/${HOST}/notation-com.amazonaws.signer.notation.plugin`,
      `package/lib/programs/${HOST}/notation-verifier`,
    ]);
  });

  it("has a bill of materials of npm packages and Go modules, whose references are all there", async () => {
    const text = await readFile(join(clone, `dist/release/ecs-image-verification-${version}.cdx.json`), "utf8");
    const { metadata, components, dependencies } = sbomSchema.parse(JSON.parse(text));

    const refs = components.map((component) => component["bom-ref"]);
    assert.equal(new Set(refs).size, refs.length);
    for (const purl of ["pkg:npm/commander@", "pkg:golang/oras.land/oras-go/v2@", "pkg:golang/std@"]) {
      assert.ok(
        components.some((component) => component.purl?.startsWith(purl)),
        purl,
      );
    }
    assert.ok(!components.some(({ name }) => name === "mocha"), "what only tests need is not released");
    const known = new Set([...refs, `${metadata.component.name}@${metadata.component.version}`]);
    assert.deepEqual(
      dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]).filter((ref) => !known.has(ref)),
      [],
    );
  });

  it("is the same when it is made again, elsewhere and with nothing kept", async () => {
    const again = await cloneOf(join(home, "elsewhere"));
    const { status, stderr } = make(again, ["--snapshot", "--platform", HOST], join(home, "cache"));
    assert.equal(status, 0, stderr);

    assert.equal(
      await readFile(join(again, "dist/release/SHA256SUMS"), "utf8"),
      await readFile(join(clone, "dist/release/SHA256SUMS"), "utf8"),
    );
  });

  it("is refused with changes, or without a section in CHANGELOG.md, and leaves what is there", async () => {
    const before = await files();
    const changelog = join(clone, "CHANGELOG.md");
    await writeFile(changelog, `${(await readFile(changelog, "utf8")).replace(`## [${version}]`, "## [0.0.0]")}\n`);

    const { status, stdout, stderr } = make(clone, []);

    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /changes that are not committed/);
    assert.match(stderr, /CHANGELOG\.md has no section/);
    assert.match(stderr, /add --snapshot/);
    assert.doesNotMatch(stderr, /\n {4}at /);
    assert.deepEqual(await files(), before);
  });
});

/** A checkout with what is in this one, committed, and with the packages of this one. */
async function cloneOf(folder: string): Promise<string> {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: checkout,
    encoding: "utf8",
  });
  for (const name of listed.split("\0").filter(Boolean)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await cp(join(checkout, name), join(folder, name));
  }
  await symlink(join(checkout, "node_modules"), join(folder, "node_modules"));
  const date = "2026-11-01T10:00:00Z";
  const env = { ...process.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date, GIT_CONFIG_GLOBAL: "/dev/null" };
  const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, env });
  git("init", "--quiet");
  git("add", ".");
  git("-c", "user.name=Somebody", "-c", "user.email=somebody@example.com", "commit", "--quiet", "-m", "All");
  return folder;
}
