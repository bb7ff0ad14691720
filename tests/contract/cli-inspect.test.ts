import assert from "node:assert/strict";
import { startAws } from "../../local/aws";
import { AwsRefusal } from "../../local/aws-answers";
import { hang, only, paths, type RegistryProxy, requireBasic, startRegistryProxy } from "../../local/registry-proxy";
import { payloadFor } from "../../local/signer/envelope";
import { type CommandLine, commandLine } from "./support/command-line";
import { answerOf } from "./support/inspection-answer";
import { daysFromNow, useScene } from "./support/scene";

describe("ecs-image-verification inspect", () => {
  const scene = useScene();
  let cli: CommandLine;
  let proxy: RegistryProxy;

  before(async () => {
    cli = await commandLine(scene());
    proxy = await startRegistryProxy({ target: scene().registry });
  });
  after(() => proxy?.close());
  afterEach(() => {
    proxy.behave();
    scene().stack.signer.failWith(undefined);
  });

  const inspect = (image: string, more: readonly string[] = [], stdin = "") =>
    cli.run(["inspect", image, ...cli.withRoot, ...more], { stdin });
  const proxied = (reference: string) => reference.replace(scene().registry, proxy.address);
  const revocationCalls = () =>
    scene().stack.signer.requests.filter(({ operation }) => operation === "GetRevocationStatus").length;

  async function contentsOf(image: string, more: readonly string[] = []) {
    const run = await inspect(image, ["--json", ...more]);
    assert.equal(run.code, 0, run.stderr);
    const { signatures } = answerOf(run);
    return signatures.map(({ contents, unreadable }) => ({ ...contents, unreadable }));
  }

  it("tells what the Notation CLI tells of a signature, and that it is not revoked", async () => {
    const image = await scene().image();
    const signed = await scene().stack.sign(image.reference, scene().release.arn);

    const [contents] = await contentsOf(image.reference);

    const ofNotation = await scene().verifiers.cli(["inspect", "--insecure-registry", "-o", "json", image.reference]);
    assert.ok(contents !== undefined);
    const [theirs] = JSON.parse(ofNotation.stdout).Signatures;
    assert.equal(theirs.digest, signed.signature.digest);
    assert.equal(contents?.algorithm, theirs.signatureAlgorithm);
    assert.equal(contents.scheme, theirs.signedAttributes.signingScheme);
    assert.equal(contents.signingTime, theirs.signedAttributes.signingTime);
    assert.equal(contents.expiry, theirs.signedAttributes.expiry);
    assert.equal(contents.job, theirs.signedAttributes["com.amazonaws.signer.signingJob"]);
    assert.equal(contents.profileVersion, theirs.signedAttributes["com.amazonaws.signer.signingProfileVersion"]);
    assert.deepEqual(
      contents.certificates?.map(({ sha256, subject, issuer, notAfter }) => [sha256, subject, issuer, notAfter]),
      theirs.certificates.map((one: Record<string, string>) => [
        one.SHA256Fingerprint,
        one.issuedTo,
        one.issuedBy,
        one.expiry,
      ]),
    );
    assert.deepEqual(contents.artifact, theirs.signedArtifact);
    assert.equal(contents.intact && contents.rootTrusted && contents.forThisImage && !contents.expired, true);
    assert.deepEqual(contents.revocation, { status: "not-revoked", detail: null });
  });

  it("says in three lines for people who signed, when, until when, and that it is not revoked", async () => {
    const image = await scene().image();
    const signed = await scene().sign(image);

    const { stdout } = await inspect(image.taggedReference);

    const [head, empty, ...lines] = stdout.trimEnd().split("\n");
    assert.deepEqual([head, empty], [`${image.reference} has 1 signature:`, ""]);
    assert.match(lines[0] ?? "", /^sha256:\w{12} {2}not revoked$/);
    assert.equal(lines[1], `  by      ${signed.profileVersionArn}`);
    assert.match(lines[2] ?? "", /^ {2}signed {2}\S+Z, until \S+Z$/);
    assert.equal(lines.length, 3);
  });

  it("draws a tree of all that there is with --verbose", async () => {
    const image = await scene().image();
    await scene().sign(image);

    const { stdout } = await inspect(image.taggedReference, ["--verbose"]);

    const lines = stdout.split("\n");
    assert.equal(lines[0], image.reference);
    assert.equal(lines[1], "└── application/vnd.cncf.notary.signature");
    assert.match(lines[2] ?? "", /^ {4}└── sha256:\w{64}$/);
    assert.ok(lines.includes("        ├── revocation: not revoked"), stdout);
    assert.ok(lines.includes("        ├── chain ends in a root of the trust store: yes"), stdout);
  });

  it("lists the signatures of several profiles in the order of the registry", async () => {
    const image = await scene().image();
    const ours = await scene().sign(image);
    const theirs = await scene().sign(image, {}, scene().foreign);

    const all = await contentsOf(image.reference);

    assert.deepEqual(
      new Set(all.map(({ profileVersion }) => profileVersion)),
      new Set([ours.profileVersionArn, theirs.profileVersionArn]),
    );
    assert.ok(all.every(({ revocation }) => revocation?.status === "not-revoked"));
  });

  it("says that there is none", async () => {
    const image = await scene().image();

    const people = await inspect(image.reference);
    const json = await inspect(image.reference, ["--json"]);

    assert.deepEqual([people.code, people.stdout], [0, `${image.reference} has no signatures.\n`]);
    assert.deepEqual(answerOf(json), {
      reference: image.reference,
      digest: image.descriptor.digest,
      mediaType: image.descriptor.mediaType,
      complete: true,
      signatures: [],
    });
  });

  it("says what is revoked: job, version, certificate", async () => {
    const { signer } = scene().stack;
    const image = await scene().image();
    const profile = signer.putProfile("revoked_here");
    const leaf = await signer.issueLeaf();
    const byJob = await scene().sign(image);
    const byVersion = await scene().sign(image, {}, profile);
    const byCertificate = await scene().sign(image, leaf);
    signer.revokeJob(byJob.jobArn);
    signer.revokeProfileVersion(profile.versionArn, daysFromNow(-1));
    signer.revokeCertificate(byCertificate.chain);

    const all = await contentsOf(image.reference);

    const detailOf = (job: string) => all.find((one) => one.job === job)?.revocation;
    assert.deepEqual(
      all.map(({ revocation }) => revocation?.status),
      ["revoked", "revoked", "revoked"],
    );
    assert.ok(detailOf(byJob.jobArn)?.detail?.includes(byJob.jobArn));
    assert.ok(detailOf(byVersion.jobArn)?.detail?.includes(profile.versionArn));
    assert.match(detailOf(byCertificate.jobArn)?.detail ?? "", /Certificate\(s\) have been revoked/);
    assert.match((await inspect(image.reference, ["--verbose"])).stdout, /revocation: REVOKED \(Resource\(s\) arn:/);
    const short = (await inspect(image.reference)).stdout;
    assert.match(short, /^sha256:\w{12} {2}REVOKED\n {2}by +arn:.*\n {2}signed .*\n {2}why +Resource\(s\) arn:/m);
  });

  it("says unknown, and why, if Signer does not answer", async () => {
    const image = await scene().image();
    await scene().sign(image);
    scene().stack.signer.failWith({ status: 403, type: "AccessDeniedException", message: "no permission" });

    const [contents] = await contentsOf(image.reference);

    assert.equal(contents?.revocation?.status, "unknown");
    assert.match(contents?.revocation?.detail ?? "", /AccessDeniedException: no permission/);
    const { stdout } = await inspect(image.reference);
    assert.match(stdout, /^sha256:\w{12} {2}revocation unknown\n/m);
    assert.match(stdout, /\n {2}why +.*no permission/);
  });

  it("needs neither plugin nor Signer with --no-revocation", async () => {
    const image = await scene().image();
    await scene().sign(image);
    const before = revocationCalls();

    const at = cli.withRoot.indexOf("--plugin");
    const access = cli.withRoot.map((word, index) => (index === at + 1 ? "/no/plugin" : word));
    const run = await cli.run(["inspect", image.reference, ...access, "--json", "--no-revocation"]);

    assert.equal(run.code, 0, run.stderr);
    const contents = answerOf(run).signatures[0]?.contents;
    assert.equal(contents?.revocation?.status, "unknown");
    assert.equal(revocationCalls(), before);
  });

  it("tells an expired signature, and one that is for another image", async () => {
    const image = await scene().image();
    const other = await scene().image();
    await scene().sign(image, { signingTime: daysFromNow(-2), expiry: daysFromNow(-1) });
    await scene().sign(image, { payload: payloadFor(other.descriptor) });

    const { stdout } = await inspect(image.reference, ["--verbose"]);
    const short = await inspect(image.reference);

    assert.match(stdout, /expiry: \S+Z \(EXPIRED\)/);
    assert.match(stdout, /signed artifact: ANOTHER, not this image/);
    assert.match(stdout, /signed artifact: this image/);
    assert.ok(stdout.includes(other.descriptor.digest));
    assert.match(short.stdout, /^sha256:\w{12} {2}EXPIRED\n/m);
    assert.match(short.stdout, /^sha256:\w{12} {2}FOR ANOTHER IMAGE\n/m);
    assert.ok(short.stdout.includes(`why     it is for ${other.descriptor.digest}`), short.stdout);
  });

  it("says what nobody vouches for, and that it only claims to be by a profile", async () => {
    const image = await scene().image();
    await scene().sign(image);
    await scene().push(image, Buffer.from("junk"));

    // AWS's own roots: the chain of the stand-in ends in none of them.
    const { stdout } = await cli.run(["inspect", image.reference, ...cli.access]);

    assert.match(
      stdout,
      /^sha256:\w{12} {2}UNKNOWN ROOT\n {2}claims +arn:.*\n {2}signed .*\n {2}why +its chain does not end in AWS Signer's root\n/m,
    );
    assert.match(stdout, /^sha256:\w{12} {2}UNREADABLE\n {2}why {2}\S/m);
  });

  it("says of an image for several platforms that their manifests may be signed", async () => {
    const { index, reference } = await scene().indexedImage();

    const run = await inspect(reference(index));

    assert.equal(run.code, 0);
    assert.match(run.stderr, /for several platforms/);
  });

  it("sends --username with the password from standard input", async () => {
    const image = await scene().image();
    proxy.behave(requireBasic({ username: "ci", password: "secret" }));

    const anonymous = await inspect(proxied(image.reference));
    const right = await inspect(proxied(image.reference), ["--username", "ci"], "secret\n");

    assert.equal(anonymous.code, 2);
    assert.match(anonymous.stderr, /Give credentials that may read it/);
    assert.equal(right.code, 0, right.stderr);
  });

  describe("answers 2 if", () => {
    it("the time is up before the list is there", async () => {
      const image = await scene().image();
      proxy.behave(only({ path: paths.referrers }, hang));

      const run = await inspect(proxied(image.reference), ["--timeout", "1"]);

      assert.deepEqual([run.code, run.stdout], [2, ""]);
      assert.match(run.stderr, /Asking the registry for the signatures failed: the deadline passed.*--timeout/);
    });

    it("the time is up before all are read; what is read is printed", async () => {
      const image = await scene().image();
      const signed = await scene().sign(image);
      await scene().push(image, Buffer.from("another"));
      const stuck = await scene().push(image, Buffer.from("stuck"));
      proxy.behave(only({ path: new RegExp(`manifests/${stuck.digest}`) }, hang));

      const run = await inspect(proxied(image.reference), ["--timeout", "3", "--json"]);

      assert.equal(run.code, 2);
      assert.equal(answerOf(run).complete, false);
      assert.ok(answerOf(run).signatures.some(({ contents }) => contents?.job === signed.jobArn));
      assert.match(run.stderr, /allow more time with --timeout/);
    });

    it("the image is not there", async () => {
      const image = await scene().image();

      const run = await inspect(image.reference.replace("@", "-gone@"));

      assert.deepEqual([run.code, run.stdout], [2, ""]);
      assert.match(run.stderr, /not found\. Push the image first/);
    });

    it("the registry does not talk TLS", async () => {
      const image = await scene().image();
      const withoutPlain = cli.withRoot.filter((option) => option !== "--plain-http");

      const run = await cli.run(["inspect", image.reference, ...withoutPlain]);

      assert.equal(run.code, 2);
      assert.match(run.stderr, /Add --plain-http/);
    });

    it("ECR gives no token, in one line", async () => {
      const aws = await startAws({
        "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken": () => {
          throw new AwsRefusal("AccessDeniedException", "no token for you");
        },
      });
      try {
        const host = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
        const run = await cli.run(["inspect", `${host}/app:v1`, ...cli.withRoot], {
          environment: { AWS_ENDPOINT_URL: aws.url },
        });

        assert.equal(run.code, 2);
        assert.match(run.stderr, /^No credentials for .*eu-west-1: .*AccessDeniedException: no token for you.*\n$/);
      } finally {
        await aws.close();
      }
    });
  });

  describe("refuses with 64", () => {
    const cases: [string, string[], RegExp][] = [
      ["no reference", ["Not A Reference"], /not an image reference/],
      ["a count that is none", ["nginx", "--max-signatures", "0"], /whole number from 1 to 1000/],
      ["a region that is none", ["nginx", "--region", "evil.example.com/"], /name of an AWS region/],
      ["a trust store with something else in it", ["nginx", "--trust-store", __dirname], /is not a certificate/],
    ];
    for (const [what, args, says] of cases) {
      it(what, async () => {
        const run = await cli.run(["inspect", ...args]);

        assert.deepEqual([run.code, run.stdout], [64, ""]);
        assert.match(run.stderr, says);
      });
    }

    it("no plugin, with both ways out", async () => {
      const folder = await scene().stack.temporaryFolder();

      const run = await cli.run(["inspect", "nginx"], { environment: { HOME: folder } });

      assert.equal(run.code, 64);
      assert.match(run.stderr, /--plugin FILE\. Or add --no-revocation/);
    });
  });
});
