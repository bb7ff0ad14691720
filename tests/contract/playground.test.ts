// Real: the command, its files, the shell, registry, signatures, Notation, judging. Stand-ins: Signer, its plugin, ECS.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { startPlayground } from "../../local/playground/start";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { processesWith } from "../support/processes";
import { type Run, type Running, startCommand } from "../support/running-command";

/** What a shell may have been pointed at before. */
const REAL_ACCOUNT = {
  AWS_PROFILE: "production",
  AWS_SESSION_TOKEN: "of a real session",
  AWS_ENDPOINT_URL_ECS: "http://127.0.0.1:1",
  AWS_REGION: "ap-southeast-2",
};

/** Where programs are found. */
const { PATH, HOME, XDG_CACHE_HOME, ECS_IMAGE_VERIFICATION_CACHE } = process.env;
const machine = withoutUndefined({ PATH, HOME, XDG_CACHE_HOME, ECS_IMAGE_VERIFICATION_CACHE });

/** The columns of a narrow terminal. */
const NARROW = 80;

describe("contract: ecs-image-verification playground", function () {
  this.timeout(180_000);
  let folder: string;
  let started: Started;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "playground-"));
    started = await start();
  });
  after(async () => {
    started?.playground.signal("SIGTERM");
    await started?.playground.ended;
    await rm(folder, { recursive: true, force: true });
  });

  interface Started {
    readonly playground: Running;
    /** What it has printed. */
    readonly shown: string;
    /** The line for another terminal. */
    readonly line: string;
    readonly registry: string;
  }

  async function start(): Promise<Started> {
    const playground = startCommand(["playground"], { ...machine, TMPDIR: folder });
    const [shown] = await playground.says("stdout", /^[\s\S]*It is there until Ctrl-C\.\n$/);
    const [, line = ""] = /^ {2}(\. .*)$/m.exec(shown) ?? [];
    const [registry = ""] = /127\.0\.0\.1:\d+/.exec(shown) ?? [];
    return { playground, shown, line, registry };
  }

  /** Runs a command in another shell that knows only the line. */
  async function inShell(command: string, { line }: Pick<Started, "line"> = started): Promise<Run> {
    const env = { ...machine, NO_COLOR: "1", ...REAL_ACCOUNT };
    const shell = spawn("/bin/sh", ["-c", `${line}\n${command}`], { env, stdio: ["ignore", "pipe", "pipe"] });
    const ended = new Promise<number | null>((done) => shell.once("close", done));
    const [stdout, stderr] = await Promise.all([text(shell.stdout), text(shell.stderr)]);
    return { code: await ended, stdout, stderr };
  }

  /** The folders of this program. */
  async function leftOver(): Promise<readonly string[]> {
    return (await readdir(folder)).filter((name) => name.startsWith("ecs-image-verification-"));
  }

  /** The printed command that begins so, as it is to be copied. */
  function printed(beginning: string): string {
    const found = started.shown
      .split(/\n(?! {4})/)
      .find((one) => one.startsWith(`  ecs-image-verification ${beginning}`));
    assert.ok(found, `no command ${beginning} in:\n${started.shown}`);
    return found;
  }

  const verify = (image: string, of: Started = started) =>
    inShell(`ecs-image-verification verify ${of.registry}/${image} --trust "$PLAYGROUND/trust.yaml" --json`, of);
  const codeOf = ({ stdout }: Run): string => JSON.parse(stdout).code;

  it("prints nothing that is wider than a narrow terminal, but for the path of its file", () => {
    const wide = started.shown.split("\n").filter((line) => line.length > NARROW && !line.startsWith("  . "));

    assert.deepEqual(wide, []);
  });

  it("shows what verify says of each of its images", async () => {
    const rows = [...started.shown.matchAll(/^127\.0\.0\.1:\d+\/(\S+) .* (?:trusted|denied) (\S+)$/gm)];

    const codes = rows.map(([, , code]) => code);
    assert.deepEqual(codes, [
      "signature-valid",
      "no-signature",
      "signature-expired",
      "signature-revoked",
      "identity-not-trusted",
      "signers-missing",
      "signature-invalid",
    ]);
    const images = rows.map(([, image]) => `${started.registry}/${image}`).join(" ");
    const { stdout } = await inShell(`ecs-image-verification verify ${images} --trust "$PLAYGROUND/trust.yaml" --json`);
    const said = stdout.trim().split("\n");
    assert.deepEqual(
      said.map((line) => JSON.parse(line).code),
      codes,
    );
  });

  it("says on standard error that a verdict is the playground's", async () => {
    const { code, stdout, stderr } = await inShell(printed("verify"));

    assert.equal(code, 0, stderr);
    assert.match(stdout, /^TRUSTED signature-valid /);
    assert.equal(stderr, `With the playground's registry ${started.registry}, AWS Signer and certificates.\n`);
  });

  it("signs what was not signed, and adds an approval that was missing", async () => {
    const signed = await inShell(printed(`sign ${started.registry}/api`));
    const approved = await inShell(printed(`sign ${started.registry}/pay`));

    assert.equal(signed.code, 0, signed.stderr);
    assert.equal(codeOf(await verify("api:1.0")), "signature-valid");
    assert.equal(approved.code, 0, approved.stderr);
    assert.match(approved.stdout, /\nTRUSTED signature-valid /);
  });

  it("shows the signatures of an image, with their revocation", async () => {
    const valid = await inShell(printed("inspect"));
    const revoked = await inShell(`ecs-image-verification inspect ${started.registry}/jobs:1.0 --json`);

    assert.equal(valid.code, 0, valid.stderr);
    assert.match(valid.stdout, /not revoked/);
    assert.equal(JSON.parse(revoked.stdout).signatures[0].contents.revocation.status, "revoked");
  });

  it("has a trust document to check, to show and to explain", async () => {
    const checked = await inShell(printed("trust check"));
    const shown = await inShell(printed("trust show"));
    const explained = await inShell(printed("trust explain"));

    assert.match(checked.stdout, /trust\.yaml: no problems\n$/);
    assert.match(shown.stdout, /^File .*\n[\s\S]*\n {2}payments\n/);
    assert.match(explained.stdout, /statement +payments/);
    assert.deepEqual(
      [checked, shown, explained].map(({ code, stderr }) => [code, stderr]),
      Array.from({ length: 3 }, () => [0, ""]),
    );
  });

  it("scans what runs, also without a trust document", async () => {
    const judged = await inShell(`${printed("scan")} --json`);
    const signers = await inShell("ecs-image-verification scan --all-clusters --suggest trust-of-scan.yaml --json");
    const suggested = await readFile("trust-of-scan.yaml", "utf8").finally(() => rm("trust-of-scan.yaml"));

    assert.equal(judged.code, 1, judged.stderr);
    const codes = JSON.parse(judged.stdout).images.map((one: { verdict: { code: string } }) => one.verdict.code);
    for (const code of ["signature-valid", "signature-expired", "signature-revoked", "exempted"]) {
      assert.ok(codes.includes(code), `${code} in ${codes}`);
    }
    assert.equal(signers.code, 0, signers.stderr);
    assert.match(suggested, /signing-profiles\/release/);
  });

  it("checks what the deployment gate would refuse", async () => {
    const { code, stdout, stderr } = await inShell(printed("gate check"));

    assert.equal(code, 1, stderr);
    assert.match(stdout, /^shop\/web +running +web +\S+ +trusted +signature-valid$/m);
    assert.match(stdout, /^shop\/web +previous +web +\S+ +denied +signature-revoked$/m);
    assert.match(stdout, /^shop\/cart +running +cart +\S+ +denied +signature-expired$/m);
  });

  it("revokes a signature for good, once that is confirmed", async () => {
    const command = printed("revoke");
    const [, job = ""] = /--job (\S+)/.exec(command) ?? [];

    const unconfirmed = await inShell(command);
    const confirmed = await inShell(`${command} --confirm ${job}`);

    assert.equal(unconfirmed.code, 64);
    assert.match(unconfirmed.stderr, new RegExp(`--confirm ${job}`));
    assert.equal(confirmed.code, 0, confirmed.stderr);
    assert.equal(codeOf(await verify("web:1.0")), "signature-revoked");
  });

  it("has its registry only: for no image of another do its certificates count", async () => {
    const elsewhere = "registry.example.com/app:v1";
    const profile = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release";
    const trust = JSON.stringify({
      registries: ["registry.example.com"],
      statements: [{ name: "all", repositories: ["*"], identities: [profile] }],
    });
    const exempt = JSON.stringify({
      registries: ["registry.example.com"],
      statements: [{ name: "all", repositories: ["*"], identities: [profile] }],
      exemptions: [{ image: "registry.example.com/app", owner: "o", reason: "r", expires: "2099-01-01" }],
    });
    const commands = [
      `echo '${exempt}' > "$PLAYGROUND/exempt.json"; ecs-image-verification verify ${elsewhere} --trust "$PLAYGROUND/exempt.json"`,
      `ecs-image-verification scan --all-clusters --trust "$PLAYGROUND/exempt.json"`,
      `ecs-image-verification inspect ${elsewhere}`,
      `ecs-image-verification sign ${elsewhere} --resolve-tag --profile ${profile}`,
      `echo '${trust}' > "$PLAYGROUND/other.json"; ecs-image-verification verify ${elsewhere} --trust "$PLAYGROUND/other.json"`,
    ];
    for (const command of commands) {
      const { code, stdout, stderr } = await inShell(command);

      assert.deepEqual([code, stdout], [64, ""], command);
      assert.match(stderr, /certificates are for images of 127\.0\.0\.1:\d+ only, not of registry\.example\.com\. /);
    }
  });

  it("leaves environments alone: their commands refuse to run in its shell", async () => {
    for (const command of ["up --stack prod --yes", "gate attach --all --stack prod", "block list --stack prod"]) {
      const { code, stdout, stderr } = await inShell(`ecs-image-verification ${command}`);

      assert.deepEqual([code, stdout], [64, ""], stderr);
      assert.match(stderr, /^This shell is pointed at the playground, which does not play .* or here: unset ECS_/);
    }
  });

  it("ends with Ctrl-C, beside another one, and leaves nothing", async () => {
    const other = await start();
    const path = other.line.slice(". ".length);
    const settings = JSON.parse(await readFile(join(dirname(path), "playground.json"), "utf8"));
    const beside = await verify("api:1.0", other);
    await copyFile(path, join(folder, "copy.sh"));

    other.playground.signal("SIGINT");
    const { code, stderr } = await other.playground.ended;

    assert.notEqual(other.registry, started.registry);
    assert.equal(codeOf(beside), "no-signature");
    assert.deepEqual([code, stderr], [0, "The playground has ended, and nothing is left of it.\n"]);
    for (const url of [`http://${settings.registry}/v2/`, settings.signerEndpoint, settings.awsEndpoint]) {
      await assert.rejects(fetch(url), { message: "fetch failed" });
    }
    const gone = await verify("api:1.0", { ...other, line: `. ${join(folder, "copy.sh")}` });
    assert.deepEqual([gone.code, gone.stdout], [64, ""]);
    assert.match(gone.stderr, /playground\.json is gone: that playground has ended\. Use another terminal, or here: /);
  });

  it("ends when its terminal is closed, with nothing left of it", async () => {
    const before = await leftOver();
    const { playground } = await start();

    playground.signal("SIGHUP");
    const { code, stderr } = await playground.ended;

    // It ends of the signal, which a shell shows as 129.
    assert.equal(code, null);
    assert.match(stderr, /nothing is left of it\.\n$/);
    assert.deepEqual(await leftOver(), before);
  });

  it("ends with SIGTERM, with nothing left of either", async () => {
    started.playground.signal("SIGTERM");
    const { code } = await started.playground.ended;

    assert.equal(code, 0);
    assert.deepEqual(await leftOver(), []);
    assert.deepEqual(await processesWith(`TMPDIR=${folder}`), []);
  });

  it("leaves nothing if it is interrupted before it is there", async () => {
    const before = process.env.TMPDIR;
    process.env.TMPDIR = folder;
    try {
      await assert.rejects(
        startPlayground("/bin", AbortSignal.abort(new Error("interrupted"))),
        /^Error: interrupted$/,
      );
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
    assert.deepEqual(await leftOver(), []);
  });

  it("leaves nothing if it is interrupted while it builds its programs", async () => {
    const cache = join(folder, "cache");
    const environment = { ...machine, TMPDIR: folder, ECS_IMAGE_VERIFICATION_CACHE: cache };
    const playground = startCommand(["playground"], environment);
    await playground.says("stderr", /^Building the programs of the playground, once: /);
    const programs = join(cache, "go");
    // Go writes into a folder of its own there.
    await until(async () => (await readdir(programs, { recursive: true }).catch(() => [])).some(isOfGo));

    playground.signal("SIGTERM");
    const { code, stdout, stderr } = await playground.ended;

    assert.deepEqual([code, stdout], [130, ""]);
    assert.match(stderr, /\nInterrupted\. Nothing is left of the playground\.\n$/);
    assert.deepEqual([await readdir(programs), await leftOver()], [[], []]);
  });
});

const isOfGo = (path: string) => path.includes("go-build");

/** Comes back when it is so. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(20);
}
