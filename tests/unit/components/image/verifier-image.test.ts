import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { buildArguments } from "../../../../components/image/verifier-build";
import { VerifierImage, type VerifierImageArgs } from "../../../../components/image/verifier-image";
import {
  hashFiles,
  imageTag,
  prepareVerifierSource,
  type VerifierSource,
} from "../../../../components/image/verifier-source";
import { parseSettings } from "../../../../verifier/src/settings";
import { DIGEST, REGISTRY } from "../mock-state";
import { children, named, type RunOptions, runProgram } from "../run-program";
import { BEHAVIOUR, resolvedTrust } from "../settings";

const SETTINGS = { ...BEHAVIOUR, trust: resolvedTrust() };
const DIST = [
  "THIRD-PARTY-NOTICES",
  "canary.js",
  "canary.js.map",
  "check-settings.js",
  "deployment.js",
  "deployment.js.map",
  "keeper.js",
  "keeper.js.map",
  "launch.js",
  "launch.js.map",
  "sweep-worker.js",
  "sweep-worker.js.map",
  "sweep.js",
  "sweep.js.map",
].map((name) => `dist/${name}`);
const SOURCE = { context: ".staged/context", contentHash: "c0ffee" };

function run(changes: Partial<VerifierImageArgs> = {}, options?: RunOptions) {
  return runProgram(() => {
    const { imageUri } = new VerifierImage("image", { settings: SETTINGS, source: SOURCE, ...changes });
    return { imageUri };
  }, options);
}

describe("VerifierImage", () => {
  it("makes a repository and pushes one image for one architecture", async () => {
    const result = await run();

    const args = buildArguments(SETTINGS);
    const tag = imageTag("c0ffee", args, "linux/arm64");
    assert.deepEqual(
      children(result).filter(([name]) => name !== "image-image"),
      [
        [
          "image-lifecycle",
          "aws:ecr/lifecyclePolicy:LifecyclePolicy",
          {
            repository: "image-repository",
            policy: {
              rules: [
                {
                  rulePriority: 1,
                  description: "The newest 20 images without a tag",
                  selection: { tagStatus: "untagged", countType: "imageCountMoreThan", countNumber: 20 },
                  action: { type: "expire" },
                },
              ],
            },
          },
        ],
        [
          "image-repository",
          "aws:ecr/repository:Repository",
          { imageTagMutability: "MUTABLE", imageScanningConfiguration: { scanOnPush: true }, forceDelete: false },
        ],
        [
          "image-repository-policy",
          "aws:ecr/repositoryPolicy:RepositoryPolicy",
          {
            repository: "image-repository",
            policy: {
              Version: "2012-10-17",
              Statement: [
                {
                  Sid: "FunctionsPull",
                  Effect: "Allow",
                  Principal: { Service: "lambda.amazonaws.com" },
                  Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                  Condition: {
                    ArnLike: { "aws:SourceArn": "arn:aws:lambda:eu-west-1:111122223333:function:*" },
                  },
                },
              ],
            },
          },
        ],
      ],
    );
    assert.deepEqual(named(result, "image-image").inputs, {
      imageName: `${REGISTRY}/image-repository:${tag}`,
      build: {
        context: ".staged/context",
        dockerfile: ".staged/context/Dockerfile",
        builderVersion: "BuilderBuildKit",
        platform: "linux/arm64",
        args,
      },
      buildOnPreview: false,
      registry: { server: `${REGISTRY}/image-repository`, username: "AWS", password: "registry-password" },
      skipPush: false,
    });
    assert.equal(result.outputs.imageUri, `${REGISTRY}/image-repository@${DIGEST}`);
  });

  it("keeps the registry's password secret", async () => {
    const { secrets } = named(await run(), "image-image");

    assert.ok(
      secrets.some((path) => path === "registry" || path === "registry.password"),
      secrets.join(),
    );
  });

  it("builds for the architecture of the function, from other base images where they are given", async () => {
    const baseImages = { go: "mirror/golang:1", node: "mirror/nodejs:24" };

    const result = await run({ architecture: "x86_64", baseImages, forceDelete: true });

    const { build } = named(result, "image-image").inputs as { build: { platform: string; args: object } };
    assert.equal(build.platform, "linux/amd64");
    assert.deepEqual(build.args, {
      ...buildArguments(SETTINGS),
      GO_IMAGE: "mirror/golang:1",
      NODE_IMAGE: "mirror/nodejs:24",
    });
    assert.equal(named(result, "image-repository").inputs.forceDelete, true);
  });

  it("bakes in settings that the verifier can read", () => {
    const { SETTINGS: text = "" } = buildArguments(SETTINGS);

    assert.deepEqual(parseSettings(JSON.parse(text)), SETTINGS);
  });

  it("makes the same in a preview, when the signing profile is not known yet", async () => {
    const result = await runProgram(
      () => {
        const unknown = new pulumi.StackReference("elsewhere", { name: "acme/p/s" }).getOutput("settings");
        new VerifierImage("image", { settings: unknown as pulumi.Output<typeof SETTINGS>, source: SOURCE });
      },
      { preview: true, states: { "pulumi:pulumi:StackReference": {} } },
    );

    const made = children(result).map(([name]) => name);
    assert.deepEqual(
      made.filter((name) => name !== "elsewhere"),
      children(await run()).map(([name]) => name),
    );
  });
});

describe("the tag of the verifier's image", () => {
  it("changes with contents, arguments and platform, not with the order of the arguments", () => {
    const tag = imageTag("c0ffee", { A: "1", B: "2" }, "linux/arm64");

    assert.match(tag, /^[0-9a-f]{32}$/);
    assert.equal(imageTag("c0ffee", { B: "2", A: "1" }, "linux/arm64"), tag);
    assert.notEqual(imageTag("decaf", { A: "1", B: "2" }, "linux/arm64"), tag);
    assert.notEqual(imageTag("c0ffee", { A: "1", B: "3" }, "linux/arm64"), tag);
    assert.notEqual(imageTag("c0ffee", { A: "1", B: "2" }, "linux/amd64"), tag);
  });
});

describe("what the verifier's image is built from", function () {
  // The handlers are bundled each time.
  this.timeout(30_000);

  let project: string;

  let source: VerifierSource;

  before(async () => {
    project = await mkdtemp(join(tmpdir(), "project-"));
    source = await prepareVerifierSource(project);
  });

  after(() => rm(project, { recursive: true, force: true }));

  it("is staged under the project, named by its content, with what the Dockerfile copies and nothing else", async () => {
    const { context, contentHash } = source;

    assert.equal(context, `.ecs-image-verification/context-${contentHash.slice(0, 32)}`);
    const staged = (await readdir(join(project, context), { recursive: true })).sort();
    assert.deepEqual(
      staged.filter((name) => !name.startsWith("notation/")),
      ["Dockerfile", "dist", ...DIST, "notation"],
    );
    const notation = staged.filter((name) => name.startsWith("notation/"));
    for (const name of ["go.sum", "main.go", "internal/protocol/protocol.go"]) {
      assert.ok(notation.includes(`notation/${name}`), name);
    }
    assert.deepEqual(
      notation.filter((name) => name.endsWith("_test.go") || name.includes("testsupport")),
      [],
    );
  });

  it("is the same in every project", async () => {
    assert.deepEqual(await prepareVerifierSource(join(project, "another")), source);
  });

  it("has a hash that follows names and contents", () => {
    const hash = (name: string, content: string) => hashFiles(new Map([[name, Buffer.from(content)]]));

    assert.equal(hash("a", "1"), hash("a", "1"));
    assert.notEqual(hash("a", "1"), hash("a", "2"));
    assert.notEqual(hash("a", "1"), hash("b", "1"));
  });
});
