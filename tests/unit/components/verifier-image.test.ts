import assert from "node:assert/strict";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { buildArguments, VerifierImage, type VerifierImageArgs } from "../../../components/verifier-image";
import { hashContext, imageTag } from "../../../components/verifier-source";
import { parseSettings } from "../../../verifier/src/settings";
import { DIGEST, REGISTRY } from "./mock-state";
import { children, named, type RunOptions, runProgram } from "./run-program";
import { BEHAVIOUR, resolvedTrust } from "./settings";

const SETTINGS = { ...BEHAVIOUR, trust: resolvedTrust() };
const SOURCE = { context: "/checkout/verifier", contentHash: "c0ffee" };

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
          "image-build-time",
          "command:local:Command",
          {
            interpreter: ["node", "-e"],
            create: 'process.stdout.write(new Date().toISOString().replace(/[^0-9]/g, "").slice(0, 14))',
            triggers: [tag],
            logging: "none",
          },
        ],
        [
          "image-lifecycle",
          "aws:ecr/lifecyclePolicy:LifecyclePolicy",
          {
            repository: "image-repository",
            policy: {
              rules: [
                {
                  rulePriority: 1,
                  description: "Remains of broken pushes",
                  selection: {
                    tagStatus: "untagged",
                    countType: "sinceImagePushed",
                    countUnit: "days",
                    countNumber: 1,
                  },
                  action: { type: "expire" },
                },
              ],
            },
          },
        ],
        [
          "image-repository",
          "aws:ecr/repository:Repository",
          { imageTagMutability: "IMMUTABLE", imageScanningConfiguration: { scanOnPush: true }, forceDelete: false },
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
      imageName: `${REGISTRY}/image-repository:${tag}-20260102030405`,
      build: {
        context: "/checkout/verifier",
        dockerfile: "/checkout/verifier/Dockerfile",
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

  it("depends on what the Dockerfile copies, and on nothing else", async () => {
    const verifier = resolve(__dirname, "../../../verifier");
    const context = await mkdtemp(join(tmpdir(), "context-"));
    try {
      for (const part of ["Dockerfile", ".dockerignore", "notation"]) {
        await cp(join(verifier, part), join(context, part), { recursive: true });
      }
      await cp(join(verifier, "Dockerfile"), join(context, "dist", "launch.js"));
      const before = await hashContext(context);
      await writeFile(join(context, "notation", "added_test.go"), "package main");
      const withTest = await hashContext(context);
      await writeFile(join(context, "dist", "launch.js"), "changed");
      const changed = await hashContext(context);

      assert.equal(withTest, before);
      assert.notEqual(changed, before);
    } finally {
      await rm(context, { recursive: true, force: true });
    }
  });
});
