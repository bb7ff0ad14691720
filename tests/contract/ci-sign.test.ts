import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import type { Run } from "../support/running-command";
import { type CommandLine, commandLine } from "./support/command-line";
import { useScene } from "./support/scene";

const SCRIPT = resolve(__dirname, "../../build/ci/sign.sh");

/** What the action hands the script, and a pipeline of any other make. */
interface Variables {
  readonly IMAGE?: string;
  readonly PROFILE?: string;
  readonly TRUST?: string;
}

describe("signing in a pipeline", () => {
  const scene = useScene();
  let cli: CommandLine;
  let outputs: string;

  before(async () => {
    cli = await commandLine(scene());
  });
  beforeEach(async () => {
    outputs = join(await scene().stack.temporaryFolder(), "outputs");
  });

  async function signInPipeline(variables: Variables): Promise<Run> {
    const child = spawn("bash", [SCRIPT, ...cli.withRoot], {
      cwd: await scene().stack.temporaryFolder(),
      env: { ...cli.environment, GITHUB_OUTPUT: outputs, ...variables },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = new Promise<number | null>((done) => child.once("close", done));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await ended, stdout, stderr };
  }
  const signPayloads = () =>
    scene().stack.signer.requests.filter(({ operation }) => operation === "SignPayload").length;
  /** A trust document in a file of the test. */
  async function documentThat(requires: object): Promise<string> {
    const file = join(await scene().stack.temporaryFolder(), "trust.json");
    const statements = [{ name: "release", repositories: ["*"], ...requires }];
    await writeFile(file, JSON.stringify({ registries: [scene().registry], statements }));
    return file;
  }

  it("signs the digest, verifies it, and hands on which signature it is", async () => {
    const image = await scene().image();

    const run = await signInPipeline({ IMAGE: image.reference, PROFILE: scene().release.arn });

    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /TRUSTED/);
    assert.deepEqual(await cli.verify(image.reference), { code: 0, reason: "signature-valid" });
    const [signature, version, ...more] = (await readFile(outputs, "utf8")).trimEnd().split("\n");
    assert.match(signature ?? "", /^signature=sha256:[0-9a-f]{64}$/);
    assert.deepEqual([version, more], [`profile-version=${scene().release.versionArn}`, []]);
  });

  it("adds no signature when it runs again, and hands on the one that is there", async () => {
    const image = await scene().image();
    const call = { IMAGE: image.reference, PROFILE: scene().release.arn };
    const before = signPayloads();

    const first = await signInPipeline(call);
    const second = await signInPipeline(call);

    assert.deepEqual([first.code, second.code, signPayloads() - before], [0, 0, 1], second.stderr);
    const [one, other] = (await readFile(outputs, "utf8")).match(/^signature=.*$/gm) ?? [];
    assert.ok(one !== undefined && one === other);
  });

  it("signs the index of an image of several platforms", async () => {
    const image = await scene().indexedImage();
    const reference = image.reference(image.index);

    const run = await signInPipeline({ IMAGE: reference, PROFILE: scene().release.arn });

    assert.equal(run.code, 0, run.stderr);
    assert.deepEqual(await cli.verify(reference), { code: 0, reason: "signature-valid" });
  });

  it("fails where the trust document wants more than this signature, which is stored all the same", async () => {
    const image = await scene().image();
    const approval = scene().stack.signer.putProfile("approval");
    const TRUST = await documentThat({
      require: [{ identities: [scene().release.arn] }, { identities: [approval.arn] }],
    });

    const first = await signInPipeline({ IMAGE: image.reference, PROFILE: scene().release.arn, TRUST });
    const second = await signInPipeline({ IMAGE: image.reference, PROFILE: approval.arn, TRUST });

    assert.equal(first.code, 1, first.stderr);
    assert.match(first.stdout, /DENIED +signers-missing/);
    assert.equal(second.code, 0, second.stderr);
  });

  it("fails where the trust document does not trust the profile", async () => {
    const image = await scene().image();
    const TRUST = await documentThat({ identities: [scene().foreign.arn] });

    const run = await signInPipeline({ IMAGE: image.reference, PROFILE: scene().release.arn, TRUST });

    assert.equal(run.code, 1, run.stderr);
    assert.match(run.stdout, /DENIED +identity-not-trusted/);
  });

  it("fails with 2 where AWS Signer does not sign, and hands on nothing", async () => {
    const image = await scene().image();

    const run = await signInPipeline({ IMAGE: image.reference, PROFILE: `${scene().release.arn}x` });

    assert.equal(run.code, 2, run.stderr);
    assert.equal(existsSync(outputs), false);
  });

  describe("signs nothing", () => {
    const cases: [
      string,
      (image: { reference: string; taggedReference: string }) => Promise<Variables>,
      number,
      RegExp,
    ][] = [
      [
        "for a tag",
        async ({ taggedReference }) => ({ IMAGE: taggedReference, PROFILE: scene().release.arn }),
        64,
        /is a tag, and a tag can move/,
      ],
      [
        "for a name that is an option",
        async () => ({ IMAGE: "--resolve-tag", PROFILE: scene().release.arn }),
        64,
        /not an image reference/,
      ],
      [
        "for a name that is a command of the shell",
        async () => ({ IMAGE: '$(touch "$GITHUB_OUTPUT")', PROFILE: scene().release.arn }),
        64,
        /not an image reference/,
      ],
      [
        "for a profile that is none",
        async ({ reference }) => ({ IMAGE: reference, PROFILE: "release" }),
        64,
        /"release" is not an ARN/,
      ],
      [
        "with a trust document that is not there",
        async ({ reference }) => ({ IMAGE: reference, PROFILE: scene().release.arn, TRUST: "no-such-file.yaml" }),
        64,
        /no-such-file\.yaml/,
      ],
      ["without an image", async () => ({ PROFILE: scene().release.arn }), 64, /are needed\. Nothing was signed/],
      ["without a profile", async ({ reference }) => ({ IMAGE: reference }), 64, /are needed\. Nothing was signed/],
    ];
    for (const [what, variables, code, says] of cases) {
      it(what, async () => {
        const image = await scene().image();
        const before = signPayloads();

        const run = await signInPipeline(await variables(image));

        assert.deepEqual([run.code, signPayloads() - before], [code, 0], run.stderr);
        assert.match(run.stderr, says);
        assert.equal(existsSync(outputs), false);
      });
    }
  });
});
