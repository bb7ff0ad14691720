import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { EnvironmentNotFound } from "../../../automation/environments/errors";
import { collectBuildArgument } from "../../../cli/images/build-argument";
import { parseBaseImage } from "../../../cli/images/build-base";
import { builtJson, builtText } from "../../../cli/images/build-output";
import { type BuildSettingsOptions, settingsToBuild } from "../../../cli/images/build-settings";
import { dockerBuildArguments } from "../../../cli/images/docker";
import { parseRepository, repositoryProblem } from "../../../cli/images/repository-option";
import { environmentProgram } from "../../../configuration/program";
import { pulumiSource } from "../../../configuration/pulumi-source";
import { hashSettings } from "../../../verifier/src/settings-hash";
import { MACHINE } from "../components/machine";
import { named, runProgram } from "../components/run-program";

const ACCOUNT = "111122223333";
const PROFILE = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/image_verification_signing_profile";
const OTHER = "arn:aws:signer:eu-west-1:444455556666:/signing-profiles/shared";
const REPOSITORY = `${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/verifier`;

const BASE = `ghcr.io/example/verifier-base@sha256:${"b".repeat(64)}`;
const BASE_TRUST = {
  registries: ["ghcr.io"],
  statements: [{ name: "base", repositories: ["*"], identities: [OTHER] }],
};

const trusting = (...identities: readonly string[]) => ({
  registries: ["self"],
  statements: [{ name: "release", repositories: ["*"], identities }],
});

describe("image build: the settings of a stack", () => {
  let project: string;

  beforeEach(async () => {
    project = await mkdtemp(join(tmpdir(), "project-"));
    await writeFile(join(project, "Pulumi.yaml"), "name: ecs-image-verification\n");
  });

  afterEach(() => rm(project, { recursive: true, force: true }));

  const deployed = async () => ({ account: ACCOUNT, signingProfileArn: PROFILE });
  const notAsked = async () => assert.fail("the outputs were asked for");
  const never = async () => {
    throw new EnvironmentNotFound("prod", "There is no environment prod yet.");
  };

  async function settings(
    values: Readonly<Record<string, unknown>>,
    options: Partial<BuildSettingsOptions> = {},
    ask: Parameters<typeof settingsToBuild>[1] = deployed,
  ) {
    const own = Object.entries({ mode: "audit", trust: trusting("self"), ...values });
    const config = Object.fromEntries(own.map(([key, value]) => [`ecs-image-verification:${key}`, value]));
    await writeFile(join(project, "Pulumi.prod.yaml"), stringify({ config: { "aws:region": "eu-west-1", ...config } }));
    return settingsToBuild({ stack: "prod", project, ...options }, ask);
  }

  it("are those that the program has: the hash is the same", async () => {
    const values = { maxSignatures: 7, trust: trusting("self", OTHER), verifier: { architecture: "x86_64" } };
    const config = Object.entries({ mode: "audit", ...values }).map(([key, value]): [string, string] => [
      `ecs-image-verification:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);

    const result = await runProgram(() => environmentProgram(pulumiSource, MACHINE), {
      stack: "prod",
      config: { "aws:region": "eu-west-1", ...Object.fromEntries(config) },
    });

    const { build } = named(result, "image-verification-image-image").inputs as {
      build: { args: Record<string, string>; platform: string };
    };
    const built = await settings(values);
    assert.equal(hashSettings(built.settings), build.args.SETTINGS_HASH);
    assert.equal(built.architecture, "x86_64");
  }).timeout(20_000);

  it("ask for the stack's outputs only where file and options do not say the account and the profile", async () => {
    const clusters = [`arn:aws:ecs:eu-west-1:${ACCOUNT}:cluster/web`];
    const given = { account: ACCOUNT, signingProfile: PROFILE };

    const asked = await settings({});
    const fromOptions = await settings({}, given, notAsked);
    const withoutSelf = await settings({ clusters, trust: trusting(OTHER) }, {}, notAsked);
    const ownProfile = await settings({ clusters, signingProfile: { arn: OTHER } }, {}, notAsked);

    assert.deepEqual(asked, fromOptions);
    assert.deepEqual(asked.settings.trust.statements[0]?.identities, [PROFILE]);
    assert.deepEqual(withoutSelf.settings.trust.statements, ownProfile.settings.trust.statements);
    assert.equal(withoutSelf.settings.trust.account, ACCOUNT);
  });

  it("take the profile of the file, not that of an earlier deployment", async () => {
    const { settings: built } = await settings({ signingProfile: { arn: OTHER } });

    assert.deepEqual(built.trust.statements[0]?.identities, [OTHER]);
  });

  it("of a stack that was never deployed: the error says what is not known and how to go on", async () => {
    await assert.rejects(settings({}, {}, never), {
      name: "UsageError",
      message: /does not say the account of prod[\s\S]*There is no environment prod yet\.[\s\S]*--account ID/,
    });
    await assert.rejects(settings({}, { account: ACCOUNT }, never), {
      name: "UsageError",
      message: /the signing profile of prod[\s\S]*--signing-profile ARN[\s\S]*deploy it once[\s\S]*signingProfile\.arn/,
    });
  });

  it("are not filled in from the outputs of another environment", async () => {
    const outputs = join(project, "outputs.json");
    const said = { account: ACCOUNT, region: "eu-west-1", mode: "audit", registry: "r", signingProfileArn: PROFILE };
    const names = { functionName: "f", logGroup: "l", ledgerTable: "t", failureQueue: "q", deadLetterQueue: "d" };
    const from = async (environment: string, values = {}) => {
      await writeFile(outputs, JSON.stringify({ environment, ...said, ...names, unconfirmedRecipients: [] }));
      await settings(values);
      return settingsToBuild({ stack: "prod", project, outputs });
    };

    assert.equal((await from("prod")).settings.trust.account, ACCOUNT);
    assert.equal((await from("shop", { environment: "shop" })).settings.trust.account, ACCOUNT);
    await assert.rejects(from("dev"), {
      name: "UsageError",
      message: /outputs\.json is of the environment dev, and .*Pulumi\.prod\.yaml of prod\./,
    });
  });

  it("with another stack's profile need its ARN", async () => {
    const trust = trusting("stack:signing");

    await assert.rejects(settings({ trust }), { name: "UsageError", message: /--stack-profile stack:signing=ARN/ });
    const { settings: built } = await settings({ trust }, { stackProfile: new Map([["stack:signing", OTHER]]) });
    assert.deepEqual(built.trust.statements[0]?.identities, [OTHER]);
  });

  it("are read from the file of the stack's short name, and refused as the program refuses them", async () => {
    await settings({}, { stack: "acme/ecs-image-verification/prod" });

    await assert.rejects(settings({ mode: "block" }), { name: "ConfigurationError", message: /mode: "block" must be/ });
  });

  it("of a stack that has no file: the error names the file, the stacks that there are and the near one", async () => {
    await settings({});
    const refused = (stack: string, message: RegExp) =>
      assert.rejects(settingsToBuild({ stack, project }, notAsked), { name: "ConfigurationInvalid", message });

    await refused("Prod", /has no Pulumi\.Prod\.yaml, .*; there are prod\. Did you mean prod\?$/);
    await refused("elsewhere", /has no Pulumi\.elsewhere\.yaml, .*; there are prod\.$/);
    await refused("Stack:signing", /"stack:signing" is how a trust document names a stack: leave "stack:" out here\.$/);
  });

  it("of a folder that is no project: the error says so", async () => {
    for (const folder of [join(project, "absent"), join(project, "Pulumi.yaml")]) {
      await assert.rejects(settingsToBuild({ stack: "prod", project: folder }, notAsked), {
        name: "ConfigurationInvalid",
        message: `${folder} is not a Pulumi project: it has no Pulumi.yaml.`,
      });
    }
  });

  it("name the base images", async () => {
    const verifier = { goImage: "mirror/go:1", nodeImage: "mirror/node:24" };

    assert.deepEqual((await settings({ verifier })).baseImages, { go: "mirror/go:1", node: "mirror/node:24" });
    assert.equal((await settings({ verifier })).base, undefined);
  });

  it("name the base image of the file and whom it must be signed by, or that of the option", async () => {
    const imageUri = `${REPOSITORY}@sha256:${"a".repeat(64)}`;

    const configured = await settings({ verifier: { baseImage: BASE, baseImageTrust: BASE_TRUST } });
    const given = await settings({ verifier: { imageUri, baseImageTrust: BASE_TRUST } }, { baseImage: BASE });
    const alone = await settings({}, { baseImage: BASE });

    assert.deepEqual([configured.base?.image, configured.base?.isConfigured], [BASE, true]);
    assert.deepEqual(configured.base?.trust?.registries, ["ghcr.io"]);
    assert.deepEqual(given.base, { ...configured.base, isConfigured: false });
    assert.deepEqual(alone.base, { image: BASE, isConfigured: false });
    assert.deepEqual(alone.settings, configured.settings);
  });

  it("with a base image of an option that does not fit the file are refused", async () => {
    const refused = (verifier: object, message: RegExp) =>
      assert.rejects(settings({ verifier }, { baseImage: BASE }), { name: "UsageError", message });

    await refused({ baseImage: BASE }, /^--base-image: .*Pulumi\.prod\.yaml has verifier\.baseImage, which is used\./);
    await refused({ nodeImage: "mirror/node" }, /^--base-image: .* has verifier\.nodeImage, .*Nothing was built\.$/);
  });
});

describe("image build: the base image", () => {
  it("is one by its digest", () => {
    assert.equal(parseBaseImage(BASE), BASE);
    for (const wrong of ["ghcr.io/example/base:1", `ghcr.io/example/base:1@sha256:${"a".repeat(64)}`, "base"]) {
      assert.throws(() => parseBaseImage(wrong), /must be REPOSITORY@sha256:/, wrong);
    }
  });
});

describe("image build: the call of Docker", () => {
  const BUILD = { context: "/c", platform: "linux/arm64", args: { A: "1" }, tag: "r:t", network: undefined };

  it("leaves the provenance out with buildx, which adds it, and does not say so to a Docker without", () => {
    const common = ["--platform", "linux/arm64", "--progress", "plain", "--tag", "r:t", "--build-arg", "A=1", "/c"];

    assert.deepEqual(dockerBuildArguments(BUILD, true), ["buildx", "build", "--load", "--provenance=false", ...common]);
    assert.deepEqual(dockerBuildArguments(BUILD, false), ["build", ...common]);
  });

  it("has the network that is asked for", () => {
    const args = dockerBuildArguments({ ...BUILD, network: "host" }, true);

    assert.equal(args[args.indexOf("--network") + 1], "host");
  });

  it("takes arguments of the Dockerfile, but for those that the stack decides", () => {
    const before = collectBuildArgument("PLUGIN=image");

    assert.deepEqual(collectBuildArgument("SIGNER_ROOTS=https://a=b", before), [
      ["PLUGIN", "image"],
      ["SIGNER_ROOTS", "https://a=b"],
    ]);
    assert.throws(() => collectBuildArgument("SETTINGS={}"), /follows from the stack's file/);
    assert.throws(() => collectBuildArgument("GO_IMAGE=a"), /change verifier\.goImage there/);
    assert.throws(() => collectBuildArgument("SIGNER_ROOTS"), /NAME=VALUE/);
  });
});

describe("image build: the repository", () => {
  it("is one without tag and digest", () => {
    assert.equal(parseRepository(REPOSITORY), REPOSITORY);
    for (const wrong of [`${REPOSITORY}:v1`, `${REPOSITORY}@sha256:${"a".repeat(64)}`, "verifier", "", "a b"]) {
      assert.throws(() => parseRepository(wrong), /must be a repository without tag and digest/, wrong);
    }
  });

  it("is where Lambda takes images from, or on this machine, to try it", () => {
    assert.equal(repositoryProblem(REPOSITORY, "eu-west-1"), undefined);
    assert.equal(repositoryProblem("127.0.0.1:5000/verifier", "eu-west-1"), undefined);
    assert.match(repositoryProblem(REPOSITORY, "us-east-1") ?? "", /^is in eu-west-1; the stack is in us-east-1/);
    assert.match(repositoryProblem("ghcr.io/team/verifier", "eu-west-1") ?? "", /^is not in ECR/);
  });
});

describe("image build: the answer", () => {
  const built = {
    stack: "prod",
    tag: `${REPOSITORY}:abc`,
    platform: "linux/arm64",
    settings: "c0ffee",
    base: undefined,
  };
  const digest = `sha256:${"d".repeat(64)}`;

  it("ends with the command that puts it into the configuration", () => {
    const text = builtText({ ...built, digest });

    const command = `pulumi config set --stack prod --path verifier.imageUri ${REPOSITORY}@${digest}`;
    assert.ok(text.endsWith(`\n  ${command}`), text);
    assert.equal(JSON.parse(builtJson({ ...built, digest })).imageUri, `${REPOSITORY}@${digest}`);
  });

  it("on a base image of the stack's file takes its place there, since a stack has one of the two", () => {
    const of = (isConfigured: boolean) => ({ ...built, digest, base: { image: BASE, isConfigured } });

    const text = builtText(of(true));

    assert.match(text, new RegExp(`^ {2}base {6}${BASE}$`, "m"));
    assert.match(text, /named with --base-image from then on/);
    const set = `pulumi config set --stack prod --path verifier.imageUri ${REPOSITORY}@${digest}`;
    assert.ok(text.endsWith(`\n  pulumi config rm --stack prod --path verifier.baseImage\n  ${set}`), text);
    assert.doesNotMatch(builtText(of(false)), /config rm/);
    assert.equal(JSON.parse(builtJson(of(true))).baseImage, BASE);
    assert.equal(JSON.parse(builtJson({ ...built, digest })).baseImage, null);
  });

  it("says that what was not pushed is of no use yet", () => {
    assert.match(builtText({ ...built, digest: undefined }), /^BUILT [\s\S]*add --repository and --push/);
    assert.equal(JSON.parse(builtJson({ ...built, digest: undefined })).imageUri, null);
  });
});
