import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pluginPlace, SIGNER_PLUGIN_NAME } from "../../../../verifier/src/notation/signer-plugin";
import { type BriefAnswers, startBriefAws } from "../../../support/brief-aws";
import { writeShellScript } from "../../../support/executables";
import { startCommand } from "../../../support/running-command";

const CREDENTIALS = { AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "made-up-for-the-stand-in" };

interface Answer {
  readonly ready: Readonly<Record<string, boolean>>;
  readonly findings: readonly {
    readonly id: string;
    readonly level: string;
    readonly says: string;
    readonly fix: string | null;
  }[];
}

/** The command as a person calls it, with stand-ins for the programs on the PATH and for AWS. */
describe("doctor", function () {
  this.timeout(60_000);
  let folder: string;
  let aws: Awaited<ReturnType<typeof startBriefAws>> | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "doctor-"));
    await mkdir(join(folder, "bin"));
    const stub = (name: string, body: string) => writeShellScript(join(folder, "bin", name), body);
    await stub("pulumi", "echo v3.270.0");
    await stub("go", "echo go version go1.26.8 linux/amd64");
    await stub("docker", `[ "$1" = version ] && echo '{"Client":{"Version":"28.2.2"},"Server":{}}'; exit 0`);
    const plugin = pluginPlace({ HOME: folder }) ?? "";
    await writeShellScript(plugin, `echo '{"name":"${SIGNER_PLUGIN_NAME}","version":"1.0.2292"}'`);
  });
  afterEach(async () => {
    await aws?.close();
    aws = undefined;
    await rm(folder, { recursive: true, force: true });
  });

  async function doctor(
    answers: BriefAnswers,
    words: readonly string[] = [],
    env: Readonly<Record<string, string>> = { ...CREDENTIALS, AWS_REGION: "eu-west-1" },
  ) {
    aws = await startBriefAws(answers);
    return startCommand(["doctor", ...words], {
      PATH: `${join(folder, "bin")}:/bin:/usr/bin`,
      HOME: folder,
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_EC2_METADATA_DISABLED: "true",
      ...env,
    }).ended;
  }

  const json = (stdout: string): Answer => JSON.parse(stdout);
  const levelOf = ({ findings }: Answer, id: string) => findings.find((finding) => finding.id === id)?.level;

  it("finds nothing that prevents a use: says what was found, by use, and ends with 0", async () => {
    const { code, stdout } = await doctor({});

    assert.equal(code, 0, stdout);
    assert.match(stdout, /^Every use\n/);
    assert.match(
      stdout,
      /\nDeployment \(preview, up\)\nok +Pulumi CLI +3\.270\.0\nok +Docker +client 28\.2\.2, with buildx/,
    );
    assert.match(stdout, /\nCommand line \(sign, verify, inspect, scan\)\nok +Verifier program +Go 1\.26\.8 builds it/);
    assert.match(stdout, /ok +Signer plugin +1\.0\.2292 at \S+/);
    assert.match(stdout, /ok +AWS credentials +arn:aws:iam::111122223333:user\/me/);
    assert.match(stdout, /\nDeployment \(preview, up\): ready/);
  });

  it("a problem of one use: ends with 1, and does not count for the other", async () => {
    await rm(join(folder, "bin", "pulumi"));

    const both = await doctor({}, ["--json"]);
    await aws?.close();
    const one = await doctor({}, ["--json", "--for", "command-line"]);

    assert.deepEqual([both.code, one.code], [1, 0]);
    assert.deepEqual(json(both.stdout).ready, { deployment: false, "command-line": true });
    assert.deepEqual(json(one.stdout).ready, { "command-line": true });
    assert.equal(levelOf(json(one.stdout), "pulumi"), undefined);
    assert.ok(!aws?.asked.includes("GET /2016-08-19/account-settings"));
  });

  it("no plugin: names the command that installs it", async () => {
    await rm(join(folder, ".config"), { recursive: true, force: true });
    await rm(join(folder, "Library"), { recursive: true, force: true });

    const { code, stdout } = await doctor({}, ["--for", "command-line"]);

    assert.equal(code, 1);
    assert.match(stdout, /problem +Signer plugin .*\n +-> Run: ecs-image-verification plugin install\n/);
  });

  it("no credentials: says so once, and asks nothing that needs them", async () => {
    const { code, stdout } = await doctor({}, ["--json"], { AWS_REGION: "eu-west-1" });

    const answer = json(stdout);
    assert.equal(code, 1);
    assert.equal(levelOf(answer, "credentials"), "problem");
    assert.deepEqual([levelOf(answer, "signer"), levelOf(answer, "lambda-concurrency")], ["warning", "warning"]);
    assert.deepEqual(aws?.asked, []);
  });

  it("AWS does not answer: every call ends after its own limit, and nothing is a problem", async () => {
    const { code, stdout } = await doctor({ silent: true }, ["--json"]);

    const answer = json(stdout);
    assert.equal(code, 0, stdout);
    assert.deepEqual(
      answer.findings.filter(({ says }) => /did not answer within 5 s|was not reached/.test(says)).map(({ id }) => id),
      ["credentials", "signer", "lambda-concurrency"],
    );
  });

  it("asks AWS side by side", async () => {
    const { code, stdout } = await doctor({ together: 3 });

    assert.equal(code, 0, stdout);
    assert.equal(aws?.asked.length, 3);
  });

  it("no Signer in the region, and credentials that may not read the quota", async () => {
    const { code, stdout } = await doctor(
      { signer: [404, "ResourceNotFoundException"], concurrency: [403, "AccessDeniedException"] },
      ["--json"],
    );

    const answer = json(stdout);
    assert.equal(code, 1);
    assert.deepEqual([levelOf(answer, "signer"), levelOf(answer, "lambda-concurrency")], ["problem", "warning"]);
  });

  describe("with a stack", () => {
    const stack = (...lines: readonly string[]) =>
      writeFile(
        join(folder, "Pulumi.test.yaml"),
        [
          "config:",
          "  aws:region: eu-central-1",
          '  aws:allowedAccountIds: ["111122223333"]',
          "  ecs-image-verification:mode: audit",
          "  ecs-image-verification:trust:",
          "    registries: [self]",
          '    statements: [{ name: release, repositories: ["*"], identities: [self] }]',
          ...lines,
        ].join("\n"),
      );
    const ofStack = () => ["--json", "--for", "deployment", "--stack", "test", "--project", folder];

    it("asks in its region, and compares the quota with what it reserves: the verifier and the gate", async () => {
      await stack(
        "  ecs-image-verification:verifier: { reservedConcurrency: 50 }",
        "  ecs-image-verification:gate: {}",
      );

      const { code, stdout } = await doctor({ concurrency: [150, 150] }, ofStack());

      assert.equal(code, 1);
      const { findings } = json(stdout);
      assert.match(
        findings.find(({ id }) => id === "lambda-concurrency")?.says ?? "",
        /the stack reserves 60, and AWS keeps 100/,
      );
      assert.match(findings.find(({ id }) => id === "region")?.says ?? "", /^eu-central-1 \(the stack's file\)$/);
    });

    it("needs no Docker where the image was built elsewhere", async () => {
      await rm(join(folder, "bin", "docker"));
      const image = `111122223333.dkr.ecr.eu-central-1.amazonaws.com/verifier@sha256:${"ab".repeat(32)}`;
      await stack(`  ecs-image-verification:verifier: { imageUri: "${image}" }`);

      const { code, stdout } = await doctor({}, ofStack());

      assert.equal(code, 0, stdout);
      assert.equal(levelOf(json(stdout), "docker"), "ok");
    });

    it("credentials of another account, and a file with problems, which trust check explains", async () => {
      await stack("  ecs-image-verification:protcet: true");

      const { code, stdout } = await doctor({ account: "444455556666" }, ofStack());

      assert.equal(code, 1);
      const { findings } = json(stdout);
      assert.match(findings.find(({ id }) => id === "credentials")?.says ?? "", /of the account 444455556666/);
      assert.match(findings.find(({ id }) => id === "stack")?.fix ?? "", /trust check \S+Pulumi\.test\.yaml$/);
    });

    it("has no file", async () => {
      const { code, stderr } = await doctor({}, ofStack());

      assert.equal(code, 64);
      assert.match(stderr, /Pulumi\.test\.yaml/);
      assert.doesNotMatch(stderr, /\n +at /);
    });
  });
});
