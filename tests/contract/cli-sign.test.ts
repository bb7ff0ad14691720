import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type RegistryProxy, requireBasic, startRegistryProxy } from "../../local/registry-proxy";
import { type CommandLine, commandLine } from "./support/command-line";
import { expectVerdict } from "./support/expect-verdict";
import { useScene } from "./support/scene";
import { signedSchema } from "./support/signed-schema";

describe("ecs-image-verification sign", () => {
  const scene = useScene();
  let cli: CommandLine;
  let proxy: RegistryProxy;

  before(async () => {
    cli = await commandLine(scene());
    proxy = await startRegistryProxy({ target: scene().registry });
  });
  after(() => proxy?.close());
  beforeEach(() => proxy.behave());

  const sign = (image: string, more: readonly string[] = [], stdin = "") =>
    cli.run(["sign", image, "--profile", scene().release.arn, ...cli.access, ...more], { stdin });
  /** The options that reach the scene, with another value for one of them. */
  const replaced = (option: string, value: string) =>
    cli.access.map((word, index) => (cli.access[index - 1] === option ? value : word));
  const signPayloads = () =>
    scene().stack.signer.requests.filter(({ operation }) => operation === "SignPayload").length;

  it("signs a digest: we and the Notation CLI trust it then", async () => {
    const image = await scene().image();

    const run = await sign(image.reference, ["--json"]);

    assert.equal(run.code, 0, run.stderr);
    const signed = signedSchema.parse(JSON.parse(run.stdout));
    assert.equal(signed.reference, image.reference);
    assert.equal(signed.digest, image.descriptor.digest);
    assert.deepEqual([signed.tag, signed.alreadySigned], [null, false]);
    assert.equal(signed.signature.profileVersion, scene().release.versionArn);
    assert.deepEqual(await cli.verify(image.reference), { code: 0, reason: "signature-valid" });
    const { judgement } = await expectVerdict(scene().verifiers, image.reference, "trusted signature-valid", {
      cli: "agrees",
    });
    assert.deepEqual(judgement.signature, signed.signature);
  });

  it("says who has still to sign, by a trust document that requires several", async () => {
    const image = await scene().image();
    const approval = scene().stack.signer.putProfile("approval");
    const folder = await scene().stack.temporaryFolder();
    const trust = join(folder, "trust.json");
    const require = [{ identities: [scene().release.arn] }, { identities: [approval.arn] }];
    const statements = [{ name: "release", repositories: ["*"], require }];
    await writeFile(trust, JSON.stringify({ registries: [scene().registry], statements }));
    const signWith = (profile: string, more: readonly string[] = []) =>
      cli.run(["sign", image.reference, "--profile", profile, "--trust", trust, ...cli.withRoot, ...more]);

    const first = await signWith(scene().release.arn);
    const second = await signWith(approval.arn, ["--json"]);

    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /^SIGNED .*\nDENIED signers-missing .*\n {2}missing +\S*approval$/ms);
    const { verdict } = JSON.parse(second.stdout);
    assert.deepEqual([verdict.status, verdict.signatures.length, verdict.missing], ["trusted", 2, []]);
  });

  it("signs nothing where the trust document cannot be used", async () => {
    const image = await scene().image();
    const before = signPayloads();

    const run = await sign(image.reference, ["--trust", join(__dirname, "no-such-file.yaml")]);

    assert.deepEqual([run.code, signPayloads() - before], [64, 0]);
  });

  it("signs nothing where the trust store cannot be used", async () => {
    const image = await scene().image();
    const folder = await scene().stack.temporaryFolder();
    const trust = join(folder, "trust.json");
    const statements = [{ name: "release", repositories: ["*"], identities: [scene().release.arn] }];
    await writeFile(trust, JSON.stringify({ registries: [scene().registry], statements }));
    const before = signPayloads();

    const run = await sign(image.reference, ["--trust", trust, "--trust-store", join(folder, "no-such-store")]);

    assert.deepEqual([run.code, signPayloads() - before], [64, 0]);
    assert.match(run.stderr, /no-such-store/);
  });

  it("prints lines for people", async () => {
    const image = await scene().image();

    const { stdout } = await sign(image.reference);

    assert.match(stdout, /^SIGNED 127\.0\.0\.1:\S+@sha256:\w{64}\n {2}signature +sha256:\w{64}\n {2}signed by +arn:/);
    assert.match(stdout, /\n {2}job +arn:\S+\/signing-jobs\/\S+\n {2}signed at +\S+Z\n {2}expires +\S+Z\n$/);
  });

  it("signs what a tag stands for if told so, and says what that is", async () => {
    const image = await scene().image();

    const run = await sign(image.taggedReference, ["--resolve-tag", "--json"]);

    const signed = signedSchema.parse(JSON.parse(run.stdout));
    assert.deepEqual([signed.digest, signed.tag, signed.reference], [image.descriptor.digest, "v1", image.reference]);
    assert.match(run.stderr, new RegExp(`The tag v1 points to ${image.descriptor.digest}`));
    assert.equal((await cli.verify(image.reference)).code, 0);
  });

  it("asks Signer in the region of the profile, whatever AWS_REGION says", async () => {
    const image = await scene().image();

    await cli.run(["sign", image.reference, "--profile", scene().release.arn, ...cli.access], {
      environment: { AWS_REGION: "us-west-2" },
    });

    const { headers } = scene().stack.signer.requests.findLast(({ operation }) => operation === "SignPayload") ?? {};
    assert.match(headers?.authorization ?? "", /\/eu-west-1\/signer\/aws4_request/);
  });

  it("sends --username with the password from standard input", async () => {
    const image = await scene().image();
    proxy.behave(requireBasic({ username: "ci", password: "secret" }));
    const reference = image.reference.replace(scene().registry, proxy.address);

    const wrong = await sign(reference, ["--username", "ci"], "guess\n");
    const right = await sign(reference, ["--username", "ci"], "secret\n");

    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /Asking the registry for the image failed: .*401.* Give credentials that may read it/);
    assert.doesNotMatch(wrong.stdout + wrong.stderr, /guess/);
    assert.equal(right.code, 0, right.stderr);
  });

  it("says that the signature was made and not stored if the registry refuses it", async () => {
    const image = await scene().image();
    proxy.behave(async (request, next) =>
      request.method === "GET" || request.method === "HEAD"
        ? next()
        : { status: 403, headers: { "content-type": "application/json" }, body: '{"errors":[{"code":"DENIED"}]}' },
    );

    const run = await sign(image.reference.replace(scene().registry, proxy.address));

    assert.equal(run.code, 2);
    assert.match(run.stderr, /The signature was made, but storing it in the registry failed: .*403.* may push/);
  });

  describe("refuses with 64 before anything is asked", () => {
    const arn = (profile: string, { partition = "aws" } = {}) =>
      `arn:${partition}:signer:eu-west-1:111122223333:${profile}`;
    const cases: [string, (image: { reference: string; taggedReference: string }) => string[], RegExp][] = [
      [
        "a tag",
        ({ taggedReference }) => [taggedReference, "--profile", arn("/signing-profiles/release")],
        /:v1 is a tag.*sign 127\.0\.0\.1:\S+@sha256:<digest>, or add --resolve-tag.*Nothing was signed/,
      ],
      [
        "/signing-profile/ in place of /signing-profiles/",
        ({ reference }) => [reference, "--profile", arn("/signing-profile/release")],
        /Write "arn:aws:signer:eu-west-1:111122223333:\/signing-profiles\/release"/,
      ],
      [
        "a version of a profile",
        ({ reference }) => [reference, "--profile", arn("/signing-profiles/release/abcdefghij")],
        /always signs with the newest: end the ARN with "\/signing-profiles\/release"/,
      ],
      [
        "another partition",
        ({ reference }) => [reference, "--profile", arn("/signing-profiles/release", { partition: "aws-cn" })],
        /eu-west-1 is a region of aws/,
      ],
      ["a name alone", ({ reference }) => [reference, "--profile", "release"], /"release" is not an ARN/],
      [
        "a trust store for nothing",
        ({ reference }) => [
          reference,
          "--profile",
          arn("/signing-profiles/release"),
          "--trust-store",
          "/no/such/folder",
        ],
        /^--trust-store is for --trust and --skip-if-signed/,
      ],
      [
        "a trust store that is not there",
        ({ reference }) => [
          reference,
          ...["--profile", arn("/signing-profiles/release"), "--skip-if-signed", "--trust-store", "/no/such/folder"],
        ],
        /^--trust-store: \/no\/such\/folder cannot be read/,
      ],
      ["no profile", ({ reference }) => [reference], /required option '--profile <arn>'/],
      [
        "no reference",
        () => ["Not A Reference", "--profile", arn("/signing-profiles/release")],
        /not an image reference/,
      ],
    ];
    for (const [what, args, says] of cases) {
      it(what, async () => {
        const image = await scene().image();
        const before = signPayloads();

        const run = await cli.run(["sign", ...args(image), ...cli.access]);

        assert.equal(run.code, 64, run.stderr);
        assert.equal(run.stdout, "");
        assert.match(run.stderr, says);
        assert.equal(signPayloads(), before);
      });
    }
  });

  describe("answers 2 and one line if it cannot be signed", () => {
    const cases: [string, (image: string) => string[], RegExp][] = [
      [
        "a profile that is not there",
        (image) => [image, "--profile", `${scene().release.arn}x`, ...cli.access],
        /releasex failed: .*releasex of account 111122223333 does not exist.*The profile must exist, be active/,
      ],
      [
        "an image that is not there",
        (image) => [image.replace("@", "-gone@"), "--profile", scene().release.arn, ...cli.access],
        /Asking the registry for the image failed: .*not found\. Push the image first/,
      ],
      [
        "a Signer that does not answer",
        (image) => [image, "--profile", scene().release.arn, ...replaced("--signer-endpoint", "http://127.0.0.1:1")],
        /connection refused\. Try again in a minute/,
      ],
      [
        "a plugin that is none",
        (image) => [image, "--profile", scene().release.arn, ...replaced("--plugin", process.execPath)],
        /Running the AWS Signer plugin .*failed: .*Check that --plugin/,
      ],
    ];
    for (const [what, args, says] of cases) {
      it(what, async () => {
        const image = await scene().image();

        const run = await cli.run(["sign", ...args(image.reference)]);

        assert.equal(run.code, 2, run.stderr);
        assert.equal(run.stdout, "");
        assert.match(run.stderr, says);
        assert.equal(run.stderr.trimEnd().split("\n").length, 1);
      });
    }
  });
});
