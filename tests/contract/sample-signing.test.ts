import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { type LocalAws, startAws } from "../../local/aws";
import { pushImage } from "../../local/images";
import { type RegistryProxy, requireBasic, startRegistryProxy } from "../../local/registry-proxy";
import { type LocalStack, startLocalStack } from "../../local/stack";
import { expandTrustDocument, parseTrustDocument } from "../../trust";
import { writeNodeProgram } from "../support/executables";

const ECR = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
const PASSWORD = "token-of-the-stand-in";
const CHECKOUT = resolve(__dirname, "../..");

/** Asks the local registry and Signer in place of those on AWS, and notes its arguments; the rest is the real program. */
function redirected(verifier: string, registry: string, signerUrl: string, notes: string): string {
  return `
    const { spawnSync } = require("node:child_process");
    const args = process.argv.slice(2);
    require("node:fs").writeFileSync(${JSON.stringify(notes)}, JSON.stringify(args));
    const image = args.pop().replace(${JSON.stringify(ECR)}, ${JSON.stringify(registry)});
    const local = ["--plain-http", "--signer-endpoint", ${JSON.stringify(signerUrl)}, image];
    process.exit(spawnSync(${JSON.stringify(verifier)}, [...args, ...local], { stdio: "inherit" }).status ?? 1);`;
}

describe("the command that signs the sample during a deployment", () => {
  let stack: LocalStack;
  let proxy: RegistryProxy;
  let aws: LocalAws;
  let folder: string;

  before(async () => {
    stack = await startLocalStack();
    proxy = await startRegistryProxy({ target: stack.registry });
    aws = await startAws({
      "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken": () => ({
        authorizationData: [
          {
            authorizationToken: Buffer.from(`AWS:${PASSWORD}`).toString("base64"),
            expiresAt: Math.floor(Date.now() / 1000) + 43_200,
          },
        ],
      }),
    });
    folder = await stack.temporaryFolder();
  });

  after(async () => {
    await Promise.all([aws.close(), proxy.close()]);
    await stack.close();
  });

  async function runSignMain(variables: NodeJS.ProcessEnv) {
    const child = spawn(process.execPath, ["--import", "tsx", "components/sample/sign-main.ts"], {
      cwd: CHECKOUT,
      env: { ...stack.environment, PATH: process.env.PATH, AWS_ENDPOINT_URL: aws.url, ...variables },
    });
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
    return { code, stdout, stderr };
  }

  it("signs with the profile once, logged in to ECR, and puts no password into arguments", async () => {
    const profile = stack.signer.putProfile("sample");
    const image = await pushImage({ url: `http://${stack.registry}`, name: "team/app" }, { seed: "sample" });
    proxy.behave(requireBasic({ username: "AWS", password: PASSWORD }));
    const notes = join(folder, "arguments.json");
    const program = redirected(stack.programs.verifier, proxy.address, stack.signer.url, notes);
    const sign = async () =>
      runSignMain({
        NOTATION_VERIFIER: await writeNodeProgram(join(folder, "notation-verifier"), program),
        SIGNER_PLUGIN: stack.programs.plugin,
        IMAGE: `${ECR}/team/app@${image.digest}`,
        PROFILE_ARN: profile.arn,
      });

    const { code, stdout, stderr } = await sign();
    const again = await sign();

    assert.equal(code, 0, stderr);
    const { signature } = JSON.parse(stdout);
    assert.equal(signature.profileVersion, profile.versionArn);
    assert.doesNotMatch((await readFile(notes, "utf8")) + stdout + stderr, new RegExp(PASSWORD));
    assert.equal(again.code, 0, again.stderr);
    const earlier = { status: "not-revoked", detail: null };
    assert.deepEqual(JSON.parse(again.stdout), { ...JSON.parse(stdout), earlier });
    const statements = [{ name: "sample", repositories: ["*"], identities: [profile.arn] }];
    const document = parseTrustDocument({ registries: [stack.registry], statements });
    const notation = await stack.notation(expandTrustDocument(document, stack.signer));
    const reference = `${stack.registry}/team/app@${image.digest}`;
    const { outcome } = await notation.verify({ reference, deadlineMs: 10_000 });
    await notation.stop();
    assert.equal(outcome, "verified");

    stack.signer.revokeJob(signature.job);
    const afterRevocation = await sign();

    assert.equal(afterRevocation.code, 0, afterRevocation.stderr);
    assert.notEqual(JSON.parse(afterRevocation.stdout).signature.digest, signature.digest);
  });

  it("signs again what another profile has signed", async () => {
    const [other, own] = [stack.signer.putProfile("other"), stack.signer.putProfile("own")];
    const image = await pushImage({ url: `http://${stack.registry}`, name: "team/other" }, { seed: "other" });
    const reference = `${stack.registry}/team/other@${image.digest}`;
    await stack.sign(reference, other.arn);
    const program = redirected(stack.programs.verifier, stack.registry, stack.signer.url, join(folder, "notes.json"));

    const { code, stdout, stderr } = await runSignMain({
      NOTATION_VERIFIER: await writeNodeProgram(join(folder, "verifier-of-other"), program),
      SIGNER_PLUGIN: stack.programs.plugin,
      IMAGE: `${ECR}/team/other@${image.digest}`,
      PROFILE_ARN: own.arn,
    });

    assert.equal(code, 0, stderr);
    assert.equal(JSON.parse(stdout).signature.profileVersion, own.versionArn);
  });

  it("says why the image was not signed, and fails", async () => {
    const image = await pushImage({ url: `http://${stack.registry}`, name: "team/unsigned" }, { seed: "unsigned" });
    const program = redirected(stack.programs.verifier, stack.registry, stack.signer.url, join(folder, "notes.json"));
    const reference = `${ECR}/team/unsigned@${image.digest}`;
    const profile = stack.signer.putProfile("other").arn.replace(/other$/, "nobody");

    const { code, stdout, stderr } = await runSignMain({
      NOTATION_VERIFIER: await writeNodeProgram(join(folder, "verifier-of-nobody"), program),
      SIGNER_PLUGIN: stack.programs.plugin,
      IMAGE: reference,
      PROFILE_ARN: profile,
    });

    assert.deepEqual([code, stdout], [1, ""]);
    assert.ok(stderr.includes(`${reference} was not signed with ${profile}: `), stderr);
    assert.match(stderr, /nobody of account \d+ does not exist/);
  });

  /** A docker that notes its calls, and has an image built and an image signed. */
  async function writeDocker(calls: string): Promise<void> {
    await writeNodeProgram(
      join(folder, "bin", "docker"),
      `const args = process.argv.slice(2);
       const { AWS_ACCESS_KEY_ID, DOCKER_DEFAULT_PLATFORM } = process.env;
       const input = args[0] === "run" ? require("node:fs").readFileSync(0, "utf8") : "";
       const call = { args, input, AWS_ACCESS_KEY_ID, DOCKER_DEFAULT_PLATFORM };
       require("node:fs").appendFileSync(${JSON.stringify(calls)}, JSON.stringify(call) + "\\n");
       process.stdout.write(args[0] === "build" ? "sha256:built\\n" : "signed");`,
    );
  }

  it("has Docker run the programs of a base image, and build nothing", async () => {
    const calls = join(folder, "docker-with-base.jsonl");
    await writeDocker(calls);
    const baseImage = `registry.example.com/base@sha256:${"2".repeat(64)}`;

    const { code, stdout, stderr } = await runSignMain({
      PATH: join(folder, "bin"),
      HOME: folder,
      BASE_IMAGE: baseImage,
      IMAGE: `${ECR}/team/app@sha256:${"1".repeat(64)}`,
      PROFILE_ARN: "arn:profile",
    });

    assert.deepEqual([code, stdout], [0, "signed"], stderr);
    const called = (await readFile(calls, "utf8")).trim().split("\n");
    const args = called.map((line) => JSON.parse(line).args);
    assert.deepEqual(
      args.map(([command]) => command),
      ["version", "run"],
    );
    assert.ok(args[1].includes(baseImage));
  });

  it("has Docker build and run the programs for its own platform, with AWS credentials in the environment alone", async () => {
    const calls = join(folder, "docker.jsonl");
    await writeDocker(calls);

    const { code, stdout, stderr } = await runSignMain({
      PATH: join(folder, "bin"),
      HOME: folder,
      DOCKER_DEFAULT_PLATFORM: "linux/other",
      GO_IMAGE: "mirror/golang:1",
      IMAGE: `${ECR}/team/app@sha256:${"1".repeat(64)}`,
      PROFILE_ARN: "arn:profile",
    });

    assert.deepEqual([code, stdout], [0, "signed"], stderr);
    const [version, build, run] = (await readFile(calls, "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.equal(version.args[0], "version");
    assert.deepEqual([build.args[0], build.args.includes("GO_IMAGE=mirror/golang:1")], ["build", true]);
    assert.equal(build.DOCKER_DEFAULT_PLATFORM, undefined);
    assert.deepEqual(JSON.parse(run.input), { username: "AWS", password: PASSWORD });
    assert.ok(run.args.includes("sha256:built"));
    assert.equal(run.AWS_ACCESS_KEY_ID, stack.environment.AWS_ACCESS_KEY_ID);
    const secret = String(stack.environment.AWS_SECRET_ACCESS_KEY);
    assert.ok(![...build.args, ...run.args].some((arg: string) => arg.includes(PASSWORD) || arg.includes(secret)));
  });
});
