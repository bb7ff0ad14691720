import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { pushImage } from "../../local/images";
import { type RegistryProxy, requireBasic, startRegistryProxy } from "../../local/registry-proxy";
import { type LocalStack, startLocalStack } from "../../local/stack";

const CLI = resolve(__dirname, "../../bin/ecs-image-verification");

const verdictSchema = z.strictObject({
  reference: z.string(),
  digest: z.string().nullable(),
  status: z.enum(["trusted", "denied", "inconclusive", "exempt"]),
  code: z.string(),
  detail: z.string(),
  provisional: z.boolean(),
  signature: z
    .strictObject({
      digest: z.string(),
      profileVersion: z.string().nullable(),
      job: z.string().nullable(),
      signingTime: z.string().nullable(),
      expiry: z.string().nullable(),
    })
    .nullable(),
  signatures: z.array(z.unknown()),
  missing: z.array(z.string()),
  order: z.null(),
  without: z.null(),
  milliseconds: z.int().nonnegative(),
});

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe("ecs-image-verification verify", () => {
  let stack: LocalStack;
  let proxy: RegistryProxy;
  let folder: string;
  let signed: string;
  let unsigned: string;

  before(async () => {
    stack = await startLocalStack();
    proxy = await startRegistryProxy({ target: stack.registry });
    folder = await mkdtemp(join(tmpdir(), "cli-"));
    const profile = stack.signer.putProfile("release");
    profileArn = profile.arn;
    const repository = { url: `http://${stack.registry}`, name: "team/app" };
    signed = `team/app@${(await pushImage(repository, { seed: "signed", tag: "v1" })).digest}`;
    unsigned = `team/app@${(await pushImage(repository, { seed: "unsigned" })).digest}`;
    await stack.sign(`${stack.registry}/${signed}`, profile.arn);
    await writeTrust({ registries: [stack.registry, proxy.address], identities: [profile.arn] });
    const store = await mkdtemp(join(folder, "store-"));
    await writeFile(join(store, "root.pem"), stack.signer.rootPem);
    options = ["--trust-store", store, "--plugin", stack.programs.plugin, "--signer-endpoint", stack.signer.url];
  });

  after(async () => {
    // Not there if the tests are skipped.
    await proxy?.close();
    await stack?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  beforeEach(() => {
    stack.signer.failWith(undefined);
    proxy.behave();
  });

  let options: string[];
  let profileArn: string;
  const trustFile = () => join(folder, "trust.yaml");
  const at = (name: string, registry = stack.registry) => `${registry}/${name}`;

  async function writeTrust(trust: { registries: string[]; identities: string[] }): Promise<void> {
    const statements = [{ name: "release", repositories: ["*"], identities: trust.identities }];
    await writeFile(trustFile(), JSON.stringify({ registries: trust.registries, statements }));
  }

  async function cli(args: readonly string[], stdin = ""): Promise<Run> {
    const { PATH = "", HOME = "" } = process.env;
    const env = { ...stack.environment, PATH, HOME, DOCKER_CONFIG: join(folder, "no-docker") };
    const child = spawn(process.execPath, [CLI, ...args], { env });
    child.stdin.end(stdin);
    const ended = new Promise<number | null>((done) => child.once("close", done));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await ended, stdout, stderr };
  }

  function verify(references: string[], more: readonly string[] = [], stdin = ""): Promise<Run> {
    return cli(["verify", ...references, "--trust", trustFile(), ...options, "--plain-http", "--json", ...more], stdin);
  }

  function verdictsOf(run: Run) {
    const lines = run.stdout.trim().split("\n");
    return lines.map((line) => verdictSchema.parse(JSON.parse(line)));
  }

  it("answers 0 and one line of JSON with the evidence for a signed image", async () => {
    const run = await verify([at(signed)]);

    assert.equal(run.code, 0, run.stderr);
    const [verdict] = verdictsOf(run);
    assert.equal(verdict?.status, "trusted");
    assert.equal(verdict.code, "signature-valid");
    assert.equal(verdict.reference, at(signed));
    assert.equal(verdict.digest, signed.split("@")[1]);
    assert.equal(verdict.provisional, false);
    assert.match(verdict.signature?.profileVersion ?? "", /:\/signing-profiles\/release\/\w{10}$/);
    assert.match(verdict.signature?.job ?? "", /:\/signing-jobs\//);
  });

  it("takes a stack's file for the trust document, with the profile that `self` stands for", async () => {
    const trust = {
      registries: [stack.registry],
      statements: [{ name: "all", repositories: ["*"], identities: ["self"] }],
    };
    const config = {
      "aws:region": "eu-west-1",
      "ecs-image-verification:mode": "audit",
      "ecs-image-verification:trust": trust,
    };
    const file = join(folder, "Pulumi.dev.yaml");
    await writeFile(file, JSON.stringify({ config }));
    const call = ["verify", at(signed), "--trust", file, "--account", "111122223333", ...options, "--plain-http"];

    const unknown = await cli(call);
    const known = await cli([...call, "--signing-profile", profileArn, "--json"]);

    assert.equal(unknown.code, 64);
    assert.match(unknown.stderr, /self: give it with --signing-profile ARN/);
    assert.equal(known.code, 0, known.stderr);
    assert.equal(verdictsOf(known)[0]?.code, "signature-valid");
  });

  it("fills the digest in and says provisional for a tag", async () => {
    const [verdict] = verdictsOf(await verify([at("team/app:v1")]));

    assert.equal(verdict?.digest, signed.split("@")[1]);
    assert.equal(verdict?.provisional, true);
  });

  it("answers 1 if any image is denied, in the order of the arguments", async () => {
    const run = await verify([at(unsigned), at(signed), "nginx"]);

    assert.equal(run.code, 1);
    assert.deepEqual(
      verdictsOf(run).map(({ code }) => code),
      ["no-signature", "signature-valid", "registry-not-allowed"],
    );
  });

  it("answers 2 if Signer cannot be asked, with AWS's own text", async () => {
    stack.signer.failWith({ status: 403, type: "AccessDeniedException", message: "no permission" });

    const run = await verify([at(signed)]);

    assert.equal(run.code, 2);
    const [verdict] = verdictsOf(run);
    assert.equal(verdict?.code, "signer-access-denied");
    assert.match(verdict.detail, /AccessDeniedException: no permission/);
  });

  it("answers 2 if what is named as the plugin is none, and names it", async () => {
    const other = process.execPath;
    const access = options.map((word, index) => (options[index - 1] === "--plugin" ? other : word));
    const run = await cli(["verify", at(signed), "--trust", trustFile(), ...access, "--plain-http", "--json"]);

    assert.equal(run.code, 2);
    assert.equal(verdictsOf(run)[0]?.code, "verifier-misconfigured");
    assert.ok(verdictsOf(run)[0]?.detail.includes(other));
  });

  it("gives up after --timeout seconds", async () => {
    proxy.behave(async () => "hang");

    const run = await verify([at(signed, proxy.address)], ["--timeout", "0.5"]);

    assert.equal(run.code, 2);
    assert.equal(verdictsOf(run)[0]?.code, "deadline-exceeded");
  });

  it("trusts nothing of AWS's own root with the stand-in's signature", async () => {
    const withoutStore = options.slice(2);
    const run = await cli(["verify", at(signed), "--trust", trustFile(), ...withoutStore, "--plain-http", "--json"]);

    assert.equal(run.code, 1);
    assert.equal(verdictsOf(run)[0]?.code, "untrusted-root");
  });

  it("sends --username with the password from standard input, to that registry", async () => {
    proxy.behave(requireBasic({ username: "ci", password: "secret" }));

    const wrong = await verify([at(signed, proxy.address)], ["--username", "ci"], "guess\n");
    const right = await verify([at(signed, proxy.address)], ["--username", "ci"], "secret\n");

    assert.equal(verdictsOf(wrong)[0]?.code, "registry-access-denied");
    assert.equal(right.code, 0, right.stdout);
    assert.doesNotMatch(wrong.stdout + wrong.stderr, /guess/);
  });

  it("prints lines for people without --json", async () => {
    const run = await cli(["verify", at(signed), "--trust", trustFile(), ...options, "--plain-http"]);

    assert.match(run.stdout, /^TRUSTED signature-valid {2}127\.0\.0\.1:\d+\/team\/app@sha256:\w+ {2}\(\d+ ms\)\n/);
    assert.match(run.stdout, /\n {2}signed by +arn:aws:signer:/);
    assert.deepEqual([run.stdout.includes("\u001b"), run.stderr], [false, ""]);
  });

  describe("refuses with 64, nothing on standard output and the way out on standard error", () => {
    const cases: readonly { name: string; args: () => string[]; says: RegExp }[] = [
      { name: "no reference", args: () => ["verify", "--trust", trustFile()], says: /missing required argument/ },
      {
        name: "a reference that is none, and verifies nothing",
        args: () => ["verify", at(signed), "team/app@sha256:...", "--trust", trustFile()],
        says: /the digest must have 64 hexadecimal characters/,
      },
      {
        name: "neither --trust nor an environment",
        args: () => ["verify", "nginx"],
        says: /^Say whom to trust: --trust FILE .*--stack NAME or --outputs FILE/,
      },
      {
        name: "a trust file that is not there",
        args: () => ["verify", "nginx", "--trust", join(folder, "nope.yaml")],
        says: /nope\.yaml: There is no such file\./,
      },
      {
        name: "a plugin that is not there",
        args: () => ["verify", at(signed), "--trust", trustFile(), "--plugin", join(folder, "no-plugin")],
        says: /^--plugin: \S+no-plugin is not there\. Name the executable/,
      },
      {
        name: "an unknown option",
        args: () => ["verify", "nginx", "--trust", trustFile(), "--jsno"],
        says: /unknown option '--jsno'\n\(Did you mean --json\?\)/,
      },
      {
        name: "a timeout that is none",
        args: () => ["verify", "nginx", "--trust", trustFile(), "--timeout", "-1"],
        says: /more than 0 and at most 900/,
      },
      {
        name: "a Signer endpoint that is no URL",
        args: () => ["verify", "nginx", "--trust", trustFile(), "--signer-endpoint", "localhost:1"],
        says: /must be a URL/,
      },
      {
        name: "a trust store with something else in it",
        args: () => ["verify", "nginx", "--trust", trustFile(), "--trust-store", folder],
        says: /is not a certificate/,
      },
      {
        name: "--username for images of two registries",
        args: () => [
          "verify",
          "nginx",
          "ghcr.io/a/b",
          "--trust",
          trustFile(),
          "--plugin",
          process.execPath,
          "--username",
          "me",
        ],
        says: /exactly one registry.*docker\.io, ghcr\.io/,
      },
      { name: "an unknown command", args: () => ["verfiy"], says: /unknown command 'verfiy'/ },
    ];
    for (const { name, args, says } of cases) {
      it(name, async () => {
        const run = await cli(args());

        assert.equal(run.code, 64, run.stderr);
        assert.equal(run.stdout, "");
        assert.match(run.stderr, says);
        assert.doesNotMatch(run.stderr, /\n\s+at /);
      });
    }
  });
});
