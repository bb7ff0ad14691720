import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { platformName } from "../../../../build/program";
import { PLUGIN_VERSION } from "../../../../cli/plugin/release";
import { pluginPlace, SIGNER_PLUGIN_NAME } from "../../../../verifier/src/notation/signer-plugin";
import { writeShellScript } from "../../../support/executables";
import { callHere } from "../call-here";

/** Answers as AWS's plugin does, in the contract of Notation's plugins. */
const pluginOf = (version: string) =>
  `#!/bin/sh\n[ "$1" = get-plugin-metadata ] && echo '{"name":"${SIGNER_PLUGIN_NAME}","version":"${version}"}'\n`;

const GOOD = pluginOf(PLUGIN_VERSION.slice(1));
const IMAGE = "registry.example.com/verifier:v1";

describe("plugin install", () => {
  let folder: string;
  let place: string;
  const before = { ...process.env };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "plugin-install-"));
    await mkdir(join(folder, "bin"));
    const { SIGNER_PLUGIN: _, NOTATION_CONFIG: __, XDG_CONFIG_HOME: ___, ...env } = before;
    process.env = {
      ...env,
      PATH: [join(folder, "bin"), "/usr/bin", "/bin"].join(delimiter),
      HOME: folder,
      NOTATION_LIBEXEC: join(folder, "libexec"),
      MADE: join(folder, "made"),
      CALLS: join(folder, "calls"),
    };
    place = pluginPlace(process.env) ?? "";
  });
  afterEach(async () => {
    process.env = { ...before };
    await rm(folder, { recursive: true, force: true });
  });

  /** A program on the PATH that notes its calls and "makes" the file that the test gives. */
  async function standIn(name: "go" | "docker", made: string, cases: readonly string[]): Promise<void> {
    await writeFile(join(folder, "made"), made);
    await writeShellScript(
      join(folder, "bin", name),
      [
        `echo "${name} $*" >> "$CALLS"`,
        "for last; do :; done # the last argument: where to, or what",
        'case "$1" in',
        ...cases,
        "esac",
      ].join("\n"),
    );
  }

  const go = (made = GOOD) =>
    standIn("go", made, [
      'env) echo "https://proxy.example.com";;',
      'get) echo "GOSUMDB=$GOSUMDB GOENV=$GOENV GOPRIVATE=$GOPRIVATE GOFLAGS=$GOFLAGS GOPROXY=$GOPROXY" >> "$CALLS";;',
      'build) while [ "$1" != -o ]; do shift; done; cat "$MADE" > "$2";;',
    ]);

  const docker = (made = GOOD, platform = platformName(process.platform, process.arch), version = PLUGIN_VERSION) =>
    standIn("docker", made, [
      "create) echo 0123abcd;;",
      `image) echo "${platform} ${version}";;`,
      'cp) cat "$MADE" > "$last";;',
    ]);

  async function there(content: string, mode = 0o755): Promise<void> {
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, content);
    await chmod(place, mode);
  }

  const calls = async () =>
    existsSync(join(folder, "calls")) ? (await readFile(join(folder, "calls"), "utf8")).trimEnd().split("\n") : [];

  const install = (...words: readonly string[]) => callHere(folder, "plugin", "install", ...words);

  describe("with Go", () => {
    it("builds the pinned version under the checksum database, by the machine's proxy, into Notation's folder", async () => {
      await go();
      Object.assign(process.env, { GOSUMDB: "off", GOPRIVATE: "*", GOFLAGS: "-mod=mod" });

      const { code, stdout } = await install();

      assert.equal(code, 0);
      assert.match(
        stdout,
        new RegExp(`^AWS's Signer plugin ${PLUGIN_VERSION.slice(1)} was built and installed:\n {2}${place}\n`),
      );
      assert.equal(await readFile(place, "utf8"), GOOD);
      assert.equal((await stat(place)).mode & 0o777, 0o755);
      assert.deepEqual(await readdir(dirname(place)), [`notation-${SIGNER_PLUGIN_NAME}`]);
      assert.deepEqual(
        (await calls()).filter((line) => !line.startsWith("go build")),
        [
          "go env GOPROXY",
          "go mod init plugin",
          `go get github.com/aws/aws-signer-notation-plugin/cmd@${PLUGIN_VERSION}`,
          "GOSUMDB=sum.golang.org GOENV=off GOPRIVATE= GOFLAGS= GOPROXY=https://proxy.example.com",
          "go mod verify",
        ],
      );
    });

    it("is not there: names what to install, the other way, and AWS's own installer", async () => {
      const { code, stderr } = await install();

      assert.equal(code, 2);
      assert.match(stderr, /^Go is not on the PATH\.\nOther ways:\n {2}Install Go 1\.26 or newer/);
      assert.match(stderr, /--from-image IMAGE/);
      assert.match(stderr, /https:\/\/docs\.aws\.amazon\.com\/signer\//);
    });

    it("fails: shows what Go says, and installs nothing", async () => {
      await standIn("go", "", ['get) echo "go: verifying module: checksum mismatch" >&2; exit 1;;']);

      const { code, stderr } = await install();

      assert.equal(code, 2);
      assert.match(stderr, /go get github\.com\S+ failed:\n {2}go: verifying module: checksum mismatch/);
      assert.ok(!existsSync(place));
    });
  });

  describe("out of a verifier image", () => {
    it("copies it with Docker, starts no container, and removes the one that it made", async () => {
      await docker();

      const { code, stdout } = await install("--from-image", IMAGE, "--json");

      assert.equal(code, 0);
      assert.deepEqual(JSON.parse(stdout), { plugin: place, version: PLUGIN_VERSION.slice(1), from: "image" });
      assert.deepEqual(
        (await calls()).map((line) => line.split(" ").slice(0, 2).join(" ")),
        ["docker create", "docker image", "docker cp", "docker rm"],
      );
    });

    it("is for another kind of machine, or has another version: says so, and removes the container", async () => {
      await docker(GOOD, "plan9-mips");
      const foreign = await install("--from-image", IMAGE);
      await docker(GOOD, undefined, "v0.9.0");
      const old = await install("--from-image", IMAGE);

      assert.deepEqual([foreign.code, old.code], [64, 64]);
      assert.match(foreign.stderr, /verifier:v1 is for plan9-mips, and this machine is/);
      assert.match(old.stderr, /verifier:v1 has the plugin v0\.9\.0, and v1\.0\.2292 is wanted/);
      assert.equal((await calls()).filter((line) => line.startsWith("docker rm")).length, 2);
      assert.ok(!existsSync(place));
    });

    it("has no label, and its plugin says another version: installs nothing", async () => {
      for (const said of ["0.0.1", "1.0.22920"]) {
        await docker(pluginOf(said), undefined, "<no value>");

        const { code, stderr } = await install("--from-image", IMAGE);

        assert.equal(code, 2);
        assert.ok(
          stderr.startsWith(
            `What was made is the plugin ${said}, and ${PLUGIN_VERSION} is wanted. Nothing was installed.`,
          ),
          stderr,
        );
        assert.ok(!existsSync(place));
      }
    });

    it("needs Docker", async () => {
      process.env.PATH = join(folder, "bin");

      const { code, stderr } = await install("--from-image", IMAGE);

      assert.equal(code, 2);
      assert.match(stderr, /^--from-image needs Docker, and docker is not on the PATH\./);
    });
  });

  describe("while it is not known what was made", () => {
    /** Notes how it is called, and then answers as the plugin. */
    const noting = (command: string) => GOOD.replace("\n", `\n{ ${command}; } >> '${join(folder, "noted")}'\n`);
    const noted = () => readFile(join(folder, "noted"), "utf8");

    it("has nothing of it in Notation's folder: ended then, it leaves nothing there to run", async () => {
      await go(noting(`ls -A '${dirname(place)}' 2>&1; echo "asked: $0"`));
      await there(pluginOf("0.9.0"));

      const { code } = await install("--force");

      assert.equal(code, 0);
      const [name, asked = ""] = (await noted()).split("\n");
      assert.equal(name, `notation-${SIGNER_PLUGIN_NAME}`);
      assert.ok(asked.startsWith(`asked: ${join(tmpdir(), "ecs-image-verification-")}`), asked);
    });

    it("gives it PATH and HOME of the environment, and no credentials", async () => {
      await go(noting("env"));
      process.env.AWS_SECRET_ACCESS_KEY = "not-for-strangers";

      await install();

      const names = (await noted()).split("\n").map((line) => line.split("=")[0] ?? "");
      // The shell adds the rest.
      assert.deepEqual(names.filter((name) => !["", "PWD", "OLDPWD", "SHLVL", "_"].includes(name)).sort(), [
        "HOME",
        "PATH",
      ]);
    });
  });

  describe("what is there", () => {
    it("stays if it is the pinned version", async () => {
      await there(GOOD);

      const { code, stdout } = await install();

      assert.equal(code, 0);
      assert.match(stdout, /is there already:/);
      assert.deepEqual(await calls(), []);
    });

    for (const [what, content, mode, said] of [
      ["another version", pluginOf("0.9.0"), 0o755, /is there already, and is version 0\.9\.0, not v1\.0\.2292/],
      ["not executable", GOOD, 0o644, /is there already, and is not executable/],
      ["another program", "#!/bin/sh\necho hello\n", 0o755, /is there already, and does not answer as a plugin/],
    ] as const) {
      it(`stays if it is ${what}, unless --force is given`, async () => {
        await go();
        await there(content, mode);

        const refused = await install();
        const kept = await readFile(place, "utf8");
        const forced = await install("--force");

        assert.deepEqual([refused.code, forced.code], [64, 0]);
        assert.match(refused.stderr, said);
        assert.match(refused.stderr, /Add --force to replace it\./);
        assert.equal(kept, content);
        assert.equal(await readFile(place, "utf8"), GOOD);
      });
    }

    it("stays if what was made is not the plugin, also with --force", async () => {
      await go("#!/bin/sh\nexit 3\n");
      await there(pluginOf("0.9.0"));

      const { code, stderr } = await install("--force");

      assert.equal(code, 2);
      assert.match(stderr, /What was made is not AWS's Signer plugin: it ends with an error.*Nothing was installed\./);
      assert.equal(await readFile(place, "utf8"), pluginOf("0.9.0"));
      assert.deepEqual(await readdir(dirname(place)), [`notation-${SIGNER_PLUGIN_NAME}`]);
    });
  });

  it("says if the variable SIGNER_PLUGIN leads elsewhere", async () => {
    await there(GOOD);
    process.env.SIGNER_PLUGIN = "/elsewhere/plugin";

    const { code, stderr } = await install();

    assert.equal(code, 0);
    assert.match(stderr, /^SIGNER_PLUGIN names \/elsewhere\/plugin, which is used instead: unset it/);
  });

  it("needs a home folder, or a variable of Notation", async () => {
    process.env.HOME = "";
    process.env.NOTATION_LIBEXEC = "";

    const { code, stderr } = await install();

    assert.equal(code, 64);
    assert.match(stderr, /HOME is not set/);
  });
});
