import assert from "node:assert/strict";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hang, type RegistryProxy, startRegistryProxy } from "../../local/registry-proxy";
import { type CommandLine, commandLine } from "./support/command-line";
import { useScene } from "./support/scene";

describe("ecs-image-verification verify: what the name decides, the plugin, and several images", () => {
  const scene = useScene();
  let cli: CommandLine;
  let proxy: RegistryProxy;
  let trust: string;
  /** No Go, no plugin, and no program that was built before. */
  let bare: Readonly<Record<string, string>>;

  before(async () => {
    cli = await commandLine(scene());
    proxy = await startRegistryProxy({ target: scene().registry });
    const folder = await scene().stack.temporaryFolder();
    trust = join(folder, "trust.json");
    const day = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    await writeFile(
      trust,
      JSON.stringify({
        registries: [scene().registry, proxy.address],
        statements: [
          {
            name: "release",
            repositories: [`${proxy.address}/team/app`, `${scene().registry}/team/app`],
            identities: [scene().release.arn],
          },
        ],
        exemptions: [{ image: "docker.io/library/nginx", owner: "me", reason: "vendor", expires: day }],
      }),
    );
    const none = join(folder, "none");
    await mkdir(none);
    bare = { HOME: none, PATH: dirname(process.execPath), ECS_IMAGE_VERIFICATION_CACHE: none, XDG_CACHE_HOME: none };
  });
  after(() => proxy?.close());
  beforeEach(() => proxy.behave());

  const verify = (references: readonly string[], options: readonly string[] = [], environment = {}) =>
    cli.run(["verify", ...references, "--trust", trust, "--plain-http", ...options], { environment });

  it("needs neither a plugin nor Go nor the network where the name decides every image", async () => {
    let asked = 0;
    proxy.behave(async (_, next) => {
      asked += 1;
      return next();
    });

    const run = await verify(["nginx:1.29", "ghcr.io/a/b", `${proxy.address}/team/other`], ["--json"], bare);

    const codes = run.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).code);
    assert.deepEqual(codes, ["exempted", "registry-not-allowed", "no-applicable-statement"], run.stderr);
    assert.deepEqual([run.code, run.stderr, asked], [1, "3 images: 2 denied, 1 exempt.\n", 0]);
  });

  it("asks for no password where the name decides", async () => {
    const run = await verify(["ghcr.io/a/b"], ["--username", "ci"], bare);

    assert.deepEqual([run.code, run.stderr], [1, ""]);
  });

  it("says of an image that is not trusted what to do next, and where to read more", async () => {
    const { stdout } = await verify(["ghcr.io/a/b"], [], bare);

    assert.match(stdout, /^DENIED registry-not-allowed {2}ghcr\.io\/a\/b {2}\(\d+ ms\)\n {2}why +/);
    assert.match(
      stdout,
      /\n {2}next +Copy the image into a listed registry.*\n {2}runbook +docs\/runbook\.md#registry-not-allowed\n$/,
    );
  });

  it("names every reference that cannot be read, before anything else is looked at", async () => {
    const run = await cli.run(["verify", "A B", "team/app@sha256:12", "nginx", "--trust", "/no/such/file"], {
      environment: bare,
    });

    assert.deepEqual([run.code, run.stdout], [64, ""]);
    assert.match(
      run.stderr,
      /^"A B" is not an image reference: .*\n"team\/app@sha256:12" is not an image reference: .*\n$/,
    );
  });

  describe("refuses with 64 a plugin or a trust store that is not there, and prints no verdict", () => {
    let folder: string;
    before(async () => {
      folder = await scene().stack.temporaryFolder();
      await mkdir(join(folder, "empty"));
      await writeFile(join(folder, "text"), "no program");
      await chmod(join(folder, "text"), 0o644);
    });
    const cases: [string, () => { options?: string[]; environment?: Record<string, string> }, RegExp][] = [
      ["no plugin at all", () => ({}), /^The AWS Signer plugin for Notation was not found at .*--plugin FILE/],
      [
        "--plugin that is not there",
        () => ({ options: ["--plugin", join(folder, "no")] }),
        /^--plugin: \S+ is not there/,
      ],
      ["--plugin that is a folder", () => ({ options: ["--plugin", folder] }), /^--plugin: \S+ is a folder/],
      [
        "--plugin that is not executable",
        () => ({ options: ["--plugin", join(folder, "text")] }),
        /^--plugin: \S+ is not executable/,
      ],
      [
        "SIGNER_PLUGIN that is not there",
        () => ({ environment: { SIGNER_PLUGIN: join(folder, "no") } }),
        /^SIGNER_PLUGIN: \S+ is not there/,
      ],
      [
        "SIGNER_PLUGIN that is not executable",
        () => ({ environment: { SIGNER_PLUGIN: join(folder, "text") } }),
        /^SIGNER_PLUGIN: \S+ is not executable/,
      ],
      [
        "--trust-store that is not there",
        () => ({ options: ["--trust-store", join(folder, "no")] }),
        /^--trust-store: \S+ cannot be read/,
      ],
      [
        "--trust-store that is empty",
        () => ({ options: ["--trust-store", join(folder, "empty")] }),
        /^--trust-store: \S+ is empty/,
      ],
    ];
    for (const [what, make, says] of cases) {
      it(what, async () => {
        const { options = [], environment = {} } = make();

        const run = await verify(["ghcr.io/a/b", `${scene().registry}/team/app`], options, {
          HOME: folder,
          ...environment,
        });

        assert.deepEqual([run.code, run.stdout], [64, ""]);
        assert.match(run.stderr, says);
        assert.doesNotMatch(run.stderr, /\n\s+at /);
      });
    }
  });

  it("judges several at a time, prints them in the order given, and counts them in the end", async () => {
    const image = await scene().image("team/app");
    await scene().sign(image);
    const slow = image.reference.replace(scene().registry, proxy.address);
    proxy.behave(hang);
    const calls = [slow, image.reference, slow, "nginx"];

    const run = await verify(calls, [...cli.withRoot.filter((word) => word !== "--plain-http"), "--timeout", "3"]);

    assert.deepEqual(
      run.stdout.match(/^[A-Z]+ \S+/gm),
      [
        "INCONCLUSIVE deadline-exceeded",
        "TRUSTED signature-valid",
        "INCONCLUSIVE deadline-exceeded",
        "EXEMPT exempted",
      ],
      run.stderr,
    );
    assert.equal(run.stderr, "4 images: 1 trusted, 2 inconclusive, 1 exempt.\n");
    assert.equal(run.code, 2);
  });

  describe("where TLS meets a registry that answers with HTTP", () => {
    const withTls = () => cli.withRoot.filter((word) => word !== "--plain-http");
    const call = (more: readonly string[] = []) =>
      cli.run(["verify", `${scene().registry}/team/app:v1`, "--trust", trust, ...withTls(), ...more]);

    it("the next step is --plain-http", async () => {
      const run = await call();

      assert.equal(run.code, 2);
      assert.match(
        run.stdout,
        /^INCONCLUSIVE registry-unavailable .*\n {2}next +Add --plain-http if that is intended\.\n/s,
      );
    });

    it("so it is for somebody who reads JSON", async () => {
      const run = await call(["--json"]);

      assert.equal(JSON.parse(run.stdout).code, "registry-unavailable");
      assert.match(run.stderr, /^A registry answers with HTTP, not with TLS\. Add --plain-http/);
    });
  });
});
