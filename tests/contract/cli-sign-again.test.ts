import assert from "node:assert/strict";
import { type CommandLine, commandLine } from "./support/command-line";
import { daysFromNow, type SceneImage, useScene } from "./support/scene";
import { signedSchema } from "./support/signed-schema";

describe("ecs-image-verification sign --skip-if-signed", () => {
  const scene = useScene();
  let cli: CommandLine;

  before(async () => {
    cli = await commandLine(scene());
  });

  const signPayloads = () =>
    scene().stack.signer.requests.filter(({ operation }) => operation === "SignPayload").length;

  const again = (image: string, more: readonly string[] = []) =>
    cli.run(["sign", image, "--profile", scene().release.arn, ...cli.withRoot, "--skip-if-signed", "--json", ...more]);
  const signedIn = ({ stdout }: { readonly stdout: string }) => signedSchema.parse(JSON.parse(stdout));

  it("signs once, however often a job runs, and says which signature there is", async () => {
    const image = await scene().image();
    const before = signPayloads();

    const runs = [
      await again(image.reference),
      await again(image.reference),
      await again(image.taggedReference, ["--resolve-tag"]),
    ];

    assert.deepEqual(
      runs.map(({ code }) => code),
      [0, 0, 0],
      runs.at(-1)?.stderr,
    );
    assert.deepEqual(
      runs.map((run) => signedIn(run).alreadySigned),
      [false, true, true],
    );
    assert.equal(new Set(runs.map((run) => JSON.stringify(signedIn(run).signature))).size, 1);
    assert.match(runs[2]?.stderr ?? "", /^The tag v1 points to sha256:\w+; that is signed already\.\n$/);
    assert.equal(signPayloads() - before, 1);
  });

  it("says so to people, with the verdict of --trust", async () => {
    const image = await scene().image();
    await scene().sign(image);

    const { stdout, code } = await cli.run([
      "sign",
      image.reference,
      "--profile",
      scene().release.arn,
      ...cli.withRoot,
      "--skip-if-signed",
    ]);

    assert.equal(code, 0);
    assert.match(stdout, /^ALREADY SIGNED 127\.0\.0\.1:\S+\n {2}signature +sha256:\w{64}\n {2}signed by +arn:/);
  });

  const cases: [string, (image: SceneImage) => Promise<unknown>][] = [
    ["expired", (image) => scene().sign(image, { signingTime: daysFromNow(-2), expiry: daysFromNow(-1) })],
    ["revoked", async (image) => scene().stack.signer.revokeJob((await scene().sign(image)).jobArn)],
    ["by another profile", (image) => scene().sign(image, {}, scene().foreign)],
    ["no signature", (image) => scene().push(image, Buffer.from("junk"))],
  ];
  for (const [what, prepare] of cases) {
    it(`signs where what is there is ${what}`, async () => {
      const image = await scene().image();
      await prepare(image);
      const before = signPayloads();

      const run = await again(image.reference);

      assert.deepEqual([run.code, signedIn(run).alreadySigned, signPayloads() - before], [0, false, 1], run.stderr);
    });
  }

  it("signs where the signature names the profile, but is not by AWS Signer", async () => {
    const image = await scene().image();
    await scene().sign(image);
    const before = signPayloads();

    // Without the trust store AWS's own root counts, in which the chain of the stand-in does not end.
    const run = await cli.run([
      "sign",
      image.reference,
      "--profile",
      scene().release.arn,
      ...cli.access,
      "--skip-if-signed",
      "--json",
    ]);

    assert.deepEqual([run.code, signedIn(run).alreadySigned, signPayloads() - before], [0, false, 1], run.stderr);
  });

  it("asks once about a revoked signature, however many copies of it somebody has pushed", async () => {
    const image = await scene().image();
    const { jobArn, envelope } = await scene().sign(image);
    scene().stack.signer.revokeJob(jobArn);
    for (let copy = 0; copy < 20; copy += 1) await scene().push(image, envelope, { annotations: { copy: `${copy}` } });
    const asked = () =>
      scene().stack.signer.requests.filter(({ operation }) => operation === "GetRevocationStatus").length;
    const before = asked();

    const run = await again(image.reference);

    assert.deepEqual([run.code, signedIn(run).alreadySigned], [0, false], run.stderr);
    assert.equal(asked() - before, 1);
  });

  it("takes a signature whose revocation is unknown, and says so", async () => {
    const image = await scene().image();
    await scene().sign(image);
    scene().stack.signer.failWith({ status: 403, type: "AccessDeniedException", message: "no permission" });

    const run = await again(image.reference).finally(() => scene().stack.signer.failWith(undefined));

    assert.deepEqual([run.code, signedIn(run).alreadySigned, signedIn(run).revocation], [0, true, "unknown"]);
    assert.match(run.stderr, /^AWS Signer does not say whether this signature is revoked: .*no permission/);
  });
});
