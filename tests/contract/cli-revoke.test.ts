import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { CLI, type Run } from "../support/running-command";
import { type CommandLine, commandLine } from "./support/command-line";
import { findExecutable, skipOrFail } from "./support/requirements";
import { useScene } from "./support/scene";

const REASON = ["--reason", "built from the wrong branch"];

describe("ecs-image-verification revoke", () => {
  const scene = useScene();
  let cli: CommandLine;

  before(async () => {
    cli = await commandLine(scene());
  });

  const atSigner = () => ["--signer-endpoint", scene().stack.signer.url];
  const revoke = (...args: string[]) => cli.run(["revoke", ...args, ...REASON, ...atSigner()]);
  const revocations = () =>
    scene().stack.signer.requests.filter(({ operation }) => operation?.startsWith("Revoke")).length;
  const revocationStatus = async (image: string) => {
    const { stdout } = await cli.run(["inspect", image, ...cli.withRoot, "--json"]);
    return JSON.parse(stdout).signatures[0].contents.revocation.status;
  };

  async function signedImage() {
    const image = await scene().image();
    const signed = await scene().sign(image);
    return { ...image, ...signed };
  }

  it("revokes a job: inspect, verify and the Notation CLI know of it at once", async () => {
    const image = await scene().image();
    const sign = await cli.run(["sign", image.reference, "--profile", scene().release.arn, ...cli.access, "--json"]);
    const { job } = JSON.parse(sign.stdout).signature;
    const jobId = job.split("/").at(-1);
    assert.deepEqual(await cli.verify(image.reference), { code: 0, reason: "signature-valid" });
    assert.equal(await revocationStatus(image.reference), "not-revoked");

    const run = await revoke("--job", job, "--confirm", jobId, "--json");

    assert.equal(run.code, 0, run.stderr);
    assert.deepEqual(JSON.parse(run.stdout), {
      revoked: "job",
      region: "eu-west-1",
      jobId,
      jobOwner: "111122223333",
      profileVersion: null,
      effectiveTime: null,
      reason: "built from the wrong branch",
    });
    assert.equal(await revocationStatus(image.reference), "revoked");
    assert.deepEqual(await cli.verify(image.reference), { code: 1, reason: "signature-revoked" });
    const notation = await scene().verifiers.cli(["verify", "--insecure-registry", image.reference]);
    assert.equal(notation.exitCode, 1);
  });

  it("revokes a job by its id in the region of the environment", async () => {
    const { reference, jobId } = await signedImage();

    const run = await revoke("--job", jobId, "--confirm", jobId);

    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, new RegExp(`^REVOKED job ${jobId}\\n {2}region +eu-west-1\\n`));
    assert.equal(await revocationStatus(reference), "revoked");
  });

  it("revokes what a version has signed after the effective time, and nothing that it signed before", async () => {
    const profile = scene().stack.signer.putProfile("leaked");
    const [before, after] = [await scene().image(), await scene().image()];
    await scene().sign(before, { signingTime: new Date("2026-01-01T00:00:00Z") }, profile);
    await scene().sign(after, { signingTime: new Date("2026-01-03T00:00:00Z") }, profile);
    const time = ["--effective-time", "2026-01-02T01:00:00+01:00"];

    const run = await revoke("--profile-version", profile.versionArn, ...time, "--confirm", "leaked", "--json");

    assert.equal(run.code, 0, run.stderr);
    const { effectiveTime, profileVersion } = JSON.parse(run.stdout);
    assert.deepEqual([effectiveTime, profileVersion], ["2026-01-02T00:00:00.000Z", profile.versionArn]);
    assert.equal(await revocationStatus(before.reference), "not-revoked");
    assert.equal(await revocationStatus(after.reference), "revoked");
  });

  it("moves the effective time to an earlier one, and says that it cannot be moved to a later one", async () => {
    const { versionArn } = scene().stack.signer.putProfile("moved");
    const at = (time: string) =>
      revoke("--profile-version", versionArn, "--effective-time", time, "--confirm", "moved");

    const codes = [await at("2026-01-02T00:00:00Z"), await at("2026-01-01T00:00:00Z")].map(({ code }) => code);
    const later = await at("2026-01-03T00:00:00Z");

    assert.deepEqual(codes, [0, 0]);
    assert.equal(later.code, 2);
    assert.match(later.stderr, /ValidationException: .*Nothing was revoked\. .*still earlier one/);
  });

  describe("does nothing without the right confirmation", () => {
    it("no terminal: it tells what would happen and which option to give", async () => {
      const { jobArn, jobId, reference } = await signedImage();

      const run = await revoke("--job", jobArn);

      assert.deepEqual([run.code, run.stdout], [64, ""]);
      assert.match(run.stderr, /revokes the one signature that signing job .*It cannot be undone.*5 minutes/s);
      assert.ok(run.stderr.includes(`add --confirm ${jobId}. Nothing was done.`));
      assert.equal(await revocationStatus(reference), "not-revoked");
    });

    it("a version: it tells how much that is", async () => {
      const { versionArn } = scene().release;

      const run = await revoke("--profile-version", versionArn, "--effective-time", "2026-01-02T00:00:00Z");

      assert.equal(run.code, 64);
      assert.match(run.stderr, /every signature that version \w{10} of the signing profile release/);
      assert.match(run.stderr, /made after 2026-01-02T00:00:00\.000Z, of all images.*cannot be undone/s);
    });

    it("another id", async () => {
      const { jobArn, reference } = await signedImage();
      const before = revocations();

      const run = await revoke("--job", jobArn, "--confirm", "yes");

      assert.equal(run.code, 64);
      assert.match(run.stderr, /--confirm "yes" is not "[\w-]{36}"\. Nothing was revoked/);
      assert.equal(revocations(), before);
      assert.equal(await revocationStatus(reference), "not-revoked");
    });
  });

  describe("at a terminal", () => {
    const script = findExecutable("script");

    /** Types `typed` when asked. `undefined` ends the input. */
    function atTerminal(args: readonly string[], typed: string | undefined): Promise<Run> {
      const quoted = [process.execPath, CLI, ...args].map((word) => `'${word}'`).join(" ");
      const child = spawn(script ?? "script", ["-qec", quoted, "/dev/null"], { env: cli.environment });
      let stdout = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        const asked = !stdout.includes("to continue:") && (stdout + text).includes("to continue:");
        stdout += text;
        if (asked) child.stdin.end(typed ?? "");
      });
      return new Promise((done) => child.once("close", (code) => done({ code, stdout, stderr: "" })));
    }

    const cases: [string, (jobId: string) => string | undefined, number, string][] = [
      ["the right id revokes", (jobId) => `${jobId}\n`, 0, "revoked"],
      ["another answer does nothing", () => "yes\n", 64, "not-revoked"],
      ["the end of the input does nothing", () => undefined, 64, "not-revoked"],
      ["Ctrl-C does nothing", () => "\u0003", 130, "not-revoked"],
    ];
    for (const [what, typed, code, status] of cases) {
      it(what, async function () {
        if (script === undefined) return skipOrFail(this, "script (util-linux) is not on the PATH");
        const { jobArn, jobId, reference } = await signedImage();

        const run = await atTerminal(["revoke", "--job", jobArn, ...REASON, ...atSigner()], typed(jobId));

        assert.equal(run.code, code, run.stdout);
        assert.equal(await revocationStatus(reference), status);
        if (code !== 0) assert.match(run.stdout, /Nothing was done/);
      });
    }
  });

  describe("answers 2 and one line if Signer says no", () => {
    it("a job that is not there", async () => {
      const run = await revoke("--job", "no-such-job", "--confirm", "no-such-job");

      assert.equal(run.code, 2);
      assert.match(
        run.stderr,
        /^Revoking signing job no-such-job in eu-west-1 failed: ResourceNotFound.*Check the id and the region.*\n$/,
      );
    });

    it("a version that is not there", async () => {
      const arn = `${scene().release.arn}/abcdefghij`;

      const run = await revoke("--profile-version", arn, "--confirm", "release");

      assert.equal(run.code, 2);
      assert.match(run.stderr, /ResourceNotFound.*Only the account that owns a profile can revoke it.*\n$/);
    });

    it("no answer", async () => {
      const run = await cli.run(
        ["revoke", "--job", "x", "--confirm", "x", ...REASON, "--signer-endpoint", "http://127.0.0.1:1"],
        { environment: { AWS_MAX_ATTEMPTS: "1" } },
      );

      assert.equal(run.code, 2);
      assert.match(run.stderr, /^Revoking signing job x in eu-west-1 failed: .*ECONNREFUSED.*\n$/);
    });
  });

  describe("refuses with 64, and asks nothing", () => {
    const job = "arn:aws:signer:eu-west-1:111122223333:/signing-jobs/x";
    const version = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release/abcdefghij";
    const cases: [string, string[], RegExp][] = [
      ["neither job nor version", [], /Say what to revoke: --job ID .* or --profile-version ARN/],
      ["both", ["--job", job, "--profile-version", version], /cannot be used with/],
      [
        "a job with an effective time",
        ["--job", job, "--effective-time", "2026-01-01T00:00:00Z"],
        /cannot be used with/,
      ],
      ["a profile without its version", ["--profile-version", version.slice(0, -11)], /names no version/],
      ["a profile as a job", ["--job", version], /is not the ARN of a signing job/],
      ["a job of another partition", ["--job", job.replace("aws", "aws-cn")], /eu-west-1 is a region of aws/],
      ["another region than the ARN's", ["--job", job, "--region", "us-east-1"], /leave --region out/],
      [
        "a time in the future",
        ["--profile-version", version, "--effective-time", "2999-01-01T00:00:00Z"],
        /must not be in the future/,
      ],
      [
        "a time without its offset",
        ["--profile-version", version, "--effective-time", "2026-01-01"],
        /time with its offset/,
      ],
      ["a reason of two lines", ["--job", job, "--reason", "a\nb"], /one line/],
    ];
    for (const [what, args, says] of cases) {
      it(what, async () => {
        const before = revocations();

        const reason = args.includes("--reason") ? [] : ["--reason", "x"];
        const run = await cli.run(["revoke", ...reason, "--confirm", "x", ...args, ...atSigner()]);

        assert.deepEqual([run.code, run.stdout], [64, ""], run.stderr);
        assert.match(run.stderr, says);
        assert.equal(revocations(), before);
      });
    }

    it("no reason", async () => {
      const run = await cli.run(["revoke", "--job", job, "--confirm", "x", ...atSigner()]);

      assert.equal(run.code, 64);
      assert.match(run.stderr, /required option '--reason <text>'/);
    });
  });
});
