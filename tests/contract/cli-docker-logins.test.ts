import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeNodeProgram } from "../support/executables";
import type { Run } from "../support/running-command";
import { type CommandLine, commandLine } from "./support/command-line";
import { IDENTITY_TOKEN, LOGIN, referenceIn, usePrivateRegistries } from "./support/private-registry";
import { useScene } from "./support/scene";

const AUTH = { auth: Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString("base64") };
const WRONG = { auth: Buffer.from("ci:s3cr3t-of-yesterday").toString("base64") };

describe("the command line with Docker's logins", () => {
  const registries = usePrivateRegistries();
  const scene = useScene(() => ({ registry: registries().open }));
  let cli: CommandLine;
  let folder: string;

  before(async () => {
    cli = await commandLine(scene());
    folder = await scene().stack.temporaryFolder();
    await mkdir(join(folder, "docker"));
  });

  async function signedImage() {
    const image = await scene().image();
    await scene().sign(image);
    return image;
  }

  /** A helper that leaves a file where it ran, and answers with a login. */
  async function writeHelper(name: string, Username: string, Secret: string): Promise<string> {
    const trace = join(folder, `${name}-ran`);
    const answer = JSON.stringify({ Username, Secret });
    const body = `require("node:fs").writeFileSync(${JSON.stringify(trace)}, ""); process.stdout.write(${JSON.stringify(answer)});`;
    await writeNodeProgram(join(folder, "bin", `docker-credential-${name}`), body);
    return trace;
  }

  /** Runs a command with this configuration of Docker's, as a text or as JSON. */
  async function runWith(config: unknown, args: readonly string[], stdin = ""): Promise<Run> {
    const text = typeof config === "string" ? config : JSON.stringify(config);
    await writeFile(join(folder, "docker/config.json"), text);
    const environment = {
      DOCKER_CONFIG: join(folder, "docker"),
      PATH: `${join(folder, "bin")}:${process.env.PATH ?? ""}`,
    };
    const run = await cli.run(args, { stdin, environment });
    assert.doesNotMatch(`${run.stdout}${run.stderr}`, /s3cr3t|czNjcjN0/);
    return run;
  }

  async function verify(
    config: unknown,
    reference: string,
    options: { readonly args?: readonly string[]; readonly stdin?: string; readonly listed?: readonly string[] } = {},
  ) {
    const { basic, bearer } = registries();
    const { args = [], stdin = "", listed = [basic, bearer] } = options;
    const trust = join(folder, "trust.yaml");
    const statements = [{ name: "release", repositories: ["*"], identities: [scene().release.arn] }];
    await writeFile(trust, JSON.stringify({ registries: listed, statements }));
    const all = ["verify", reference, "--trust", trust, ...cli.withRoot, "--json", ...args];
    const run = await runWith(config, all, stdin);
    assert.notEqual(run.stdout, "", run.stderr);
    const { status, code, detail } = JSON.parse(run.stdout);
    return { verdict: `${status} ${code}`, detail: String(detail) };
  }

  it("verify: a login in auths -> trusted; a wrong one -> inconclusive; none -> denied", async () => {
    const { basic } = registries();
    const reference = referenceIn(basic, await signedImage());

    const right = await verify({ auths: { [basic]: AUTH } }, reference);
    const wrong = await verify({ auths: { [basic]: WRONG } }, reference);
    const none = await verify({ auths: {} }, reference);

    assert.equal(right.verdict, "trusted signature-valid", right.detail);
    assert.equal(wrong.verdict, "inconclusive registry-access-denied", wrong.detail);
    assert.equal(none.verdict, "denied registry-login-required", none.detail);
  });

  it("verify: a helper's login, and its identity token at the token server -> trusted", async () => {
    const { basic, bearer, tokens } = registries();
    const image = await signedImage();
    await writeHelper("login", LOGIN.username, LOGIN.password);
    await writeHelper("token", "<token>", IDENTITY_TOKEN);
    const config = { credsStore: "login", credHelpers: { [bearer]: "token" } };
    const before = tokens.requests.length;

    const login = await verify(config, referenceIn(basic, image));
    const unnamed = await verify(config, referenceIn(bearer, image));
    const toldBefore = tokens.requests.slice(before);
    const token = await verify(config, referenceIn(bearer, image), { args: ["--token-server", tokens.address] });

    assert.equal(login.verdict, "trusted signature-valid", login.detail);
    assert.equal(unnamed.verdict, "inconclusive registry-access-denied", unnamed.detail);
    assert.ok(unnamed.detail.includes(tokens.address), unnamed.detail);
    assert.deepEqual(toldBefore, []);
    assert.equal(token.verdict, "trusted signature-valid", token.detail);
  });

  it("verify: --username has precedence, and no helper is asked", async () => {
    const { basic } = registries();
    const reference = referenceIn(basic, await signedImage());
    const trace = await writeHelper("unused", LOGIN.username, "s3cr3t-of-yesterday");

    const { verdict, detail } = await verify({ credsStore: "unused" }, reference, {
      args: ["--username", LOGIN.username],
      stdin: LOGIN.password,
    });

    assert.equal(verdict, "trusted signature-valid", detail);
    assert.ok(!existsSync(trace));
  });

  it("verify: a registry that the trust document does not list -> denied, and no helper is asked", async () => {
    const { basic, bearer } = registries();
    const trace = await writeHelper("unlisted", LOGIN.username, LOGIN.password);

    const { verdict } = await verify({ credsStore: "unlisted" }, referenceIn(basic, await signedImage()), {
      listed: [bearer],
    });

    assert.equal(verdict, "denied registry-not-allowed");
    assert.ok(!existsSync(trace));
  });

  it("verify: a configuration or helper that cannot be used -> inconclusive verifier-misconfigured, named", async () => {
    const { basic } = registries();
    const reference = referenceIn(basic, await signedImage());
    await writeNodeProgram(
      join(folder, "bin/docker-credential-failing"),
      "console.log('s3cr3t'); console.error('s3cr3t'); process.exitCode = 1;",
    );

    for (const [config, named] of [
      ['{"auths": s3cr3t', /config\.json: Docker's configuration is not JSON/],
      [{ credsStore: "failing" }, /The credential helper "failing".* ended with code 1/],
      [{ credHelpers: { [basic]: "not-there" } }, /The credential helper "not-there".* is not on the PATH/],
      [{ credHelpers: { [basic]: "../bin/x" } }, /The credential helper "\.\.\/bin\/x".* has a name that is none/],
    ] as const) {
      const { verdict, detail } = await verify(config, reference);

      assert.equal(verdict, "inconclusive verifier-misconfigured", detail);
      assert.match(detail, named);
    }
  });

  it("sign --trust: the login of a repository that has the approvals -> trusted, as verify says", async () => {
    const { open, basic } = registries();
    const approval = scene().stack.signer.putProfile("approval");
    const image = await scene().image();
    const source = `${image.repository.name}-source`;
    await scene().sign({ ...image, repository: { ...image.repository, name: source } }, {}, approval);
    const trust = join(folder, "approved.yaml");
    const require = [{ identities: [scene().release.arn] }, { identities: [approval.arn] }];
    const statements = [
      {
        name: "release",
        repositories: [`${open}/${image.repository.name}`],
        require,
        signaturesFrom: `${basic}/${source}`,
      },
    ];
    await writeFile(trust, JSON.stringify({ registries: [open, basic], statements }));
    const run = (command: string, more: readonly string[] = []) =>
      runWith({ auths: { [basic]: AUTH } }, [
        command,
        image.reference,
        "--trust",
        trust,
        ...cli.withRoot,
        "--json",
        ...more,
      ]);

    const signed = await run("sign", ["--profile", scene().release.arn]);
    const verified = await run("verify");

    assert.equal(signed.code, 0, signed.stderr);
    assert.equal(JSON.parse(signed.stdout).verdict.code, "signature-valid", signed.stdout);
    assert.equal(JSON.parse(verified.stdout).code, "signature-valid", verified.stdout);
  });

  it("sign and inspect take them as well, and say which file or helper they cannot use", async () => {
    const { basic } = registries();
    const image = await scene().image();
    const reference = referenceIn(basic, image);
    const config = { auths: { [basic]: AUTH } };

    const signed = await runWith(config, ["sign", reference, "--profile", scene().release.arn, ...cli.access]);
    const inspected = await runWith(config, ["inspect", reference, "--json", ...cli.withRoot]);
    const refused = await runWith({ credsStore: "not-there" }, ["inspect", reference, ...cli.withRoot]);
    const anonymous = await runWith({}, ["inspect", reference, ...cli.withRoot]);

    assert.equal(signed.code, 0, signed.stderr);
    assert.equal(inspected.code, 0, inspected.stderr);
    assert.equal(JSON.parse(inspected.stdout).signatures.length, 1);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /The credential helper "not-there".* is not on the PATH/);
    assert.equal(anonymous.code, 2);
    assert.match(anonymous.stderr, /docker login/);
  });
});
