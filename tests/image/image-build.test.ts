import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { delimiter, dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import { cacheFolder } from "../../build/cache";
import { readImageConfig } from "../../components/image/image-config";
import { SETTINGS_LABEL, toProcessor } from "../../components/image/verifier-build";
import { listenOnLoopback } from "../../local/listen";
import { signerRoot } from "../../trust/roots";
import { CLI, type Run } from "../support/running-command";
import { type BaseImages, baseImages } from "./support/base-images";
import { type Engine, startEngine } from "./support/engine";
import { pushTagged } from "./support/push";
import { DOCKER, missingForImages, skipOrFail } from "./support/requirements";
import { type Scene, startScene } from "./support/scene";
import { buildBase } from "./support/verifier-image";

const ARCHITECTURE = process.arch === "arm64" ? "arm64" : "x86_64";
const PROFILE = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release";

describe("image build", function () {
  this.timeout(5 * 60_000);

  const cleanUps: (() => Promise<void>)[] = [];
  let engine: Engine;
  let base: BaseImages;
  let scene: Scene;
  let project: string;
  let roots: string;

  before("start an engine and a registry", async function () {
    this.timeout(15 * 60_000);
    const missing = missingForImages();
    if (missing !== undefined) return skipOrFail(this, missing);
    engine = await startEngine();
    cleanUps.push(engine.stop);
    base = await baseImages(engine);
    scene = await startScene();
    cleanUps.push(scene.close);
    const rootPem = await signerRoot("aws");
    const server = await listenOnLoopback(createServer((_, response) => void response.end(rootPem)));
    cleanUps.push(server.close);
    roots = `http://${server.address}`;
    project = await scene.stack.temporaryFolder();
    await writeFile(join(project, "Pulumi.yaml"), "name: ecs-image-verification\nruntime: nodejs\n");
    await writeFile(
      join(project, "Pulumi.dev.yaml"),
      stringify({
        config: {
          "aws:region": "eu-west-1",
          "ecs-image-verification:mode": "audit",
          "ecs-image-verification:trust": {
            registries: ["self"],
            statements: [{ name: "release", repositories: ["*"], identities: ["self"] }],
          },
          "ecs-image-verification:verifier": { architecture: ARCHITECTURE, goImage: base.go, nodeImage: base.node },
        },
      }),
    );
  });

  after("stop everything", async function () {
    this.timeout(60_000);
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  });

  /** The command line with this engine; the bases, the plugin and the roots of this machine. */
  function imageBuild(...more: readonly string[]): Promise<Run> {
    return imageBuildOf("dev", "--build-arg", `PLUGIN=${base.plugin}`, "--build-arg", `SIGNER_ROOTS=${roots}`, ...more);
  }

  function imageBuildOf(name: string, ...more: readonly string[]): Promise<Run> {
    const local = ["--network", "host"];
    const stack = ["--stack", name, "--project", project, "--account", "111122223333", "--signing-profile", PROFILE];
    const path = [dirname(DOCKER), process.env.PATH].join(delimiter);
    const cache = { ECS_IMAGE_VERIFICATION_CACHE: cacheFolder() };
    const env = { ...scene.stack.environment, ...engine.environment, ...cache, PATH: path, HOME: project };
    return new Promise((done) => {
      execFile(
        process.execPath,
        [CLI, "image", "build", ...stack, ...local, ...more],
        { env, maxBuffer: 64 * 1024 * 1024 },
        (error, stdout, stderr) => done({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
    });
  }

  it("pushes an image that says which settings are in it, and how to use it", async () => {
    const repository = `${scene.stack.registry}/platform/verifier`;

    const { code, stdout, stderr } = await imageBuild("--repository", repository, "--push", "--json");

    assert.equal(code, 0, stderr);
    const { imageUri, platform, settings, tag } = JSON.parse(stdout);
    assert.equal(platform, `linux/${toProcessor(ARCHITECTURE)}`);
    assert.match(tag, new RegExp(`^${repository}:[0-9a-f]{32}$`));
    const [name, digest] = imageUri.split("@");
    assert.equal(name, repository);
    // As the program reads it before it deploys.
    const access = { url: `http://${scene.stack.registry}`, tokens: new Map<string, string>() };
    const { architecture, labels } = await readImageConfig(access, { repository: "platform/verifier", digest });
    assert.deepEqual([architecture, labels[SETTINGS_LABEL]], [toProcessor(ARCHITECTURE), settings]);
  });

  it("builds the same again, and leaves no login behind", async () => {
    const repository = `${scene.stack.registry}/platform/verifier`;
    const first = await imageBuild("--repository", repository, "--push");

    const second = await imageBuild("--repository", repository, "--push");

    assert.deepEqual([second.code, second.stdout], [0, first.stdout]);
    assert.match(second.stdout, /pulumi config set --stack dev --path verifier\.imageUri \S+@sha256:[0-9a-f]{64}\n$/);
    assert.equal(existsSync(join(engine.environment.DOCKER_CONFIG ?? "", "config.json")), false);
  });

  it("without --push is on this machine only", async () => {
    const { code, stdout, stderr } = await imageBuild();

    assert.equal(code, 0, stderr);
    const tag = /^BUILT (ecs-image-verification:[0-9a-f]{32})$/m.exec(stdout)?.[1] ?? "";
    await engine.docker(["image", "inspect", tag]);
  });

  describe("on a base image", () => {
    let baseImage: string;
    let access: readonly string[];

    before("push a base image", async () => {
      // Skipped: the machine lacks what the image needs.
      if (scene === undefined) return;
      const { registry, signer, programs } = scene.stack;
      const repository = `${registry}/example/verifier-base`;
      await buildBase(engine, base, `${repository}:1`);
      baseImage = `${repository}@${await pushTagged(engine, `${repository}:1`)}`;
      const trustStore = await scene.stack.temporaryFolder();
      await writeFile(join(trustStore, "root.pem"), signer.rootPem);
      access = [
        "--plain-http",
        "--plugin",
        programs.plugin,
        "--signer-endpoint",
        signer.url,
        "--trust-store",
        trustStore,
      ];
      const stack = parse(await readFile(join(project, "Pulumi.dev.yaml"), "utf8"));
      const baseImageTrust = {
        registries: [registry],
        statements: [{ name: "base", repositories: ["*"], identities: [signer.putProfile("base").arn] }],
      };
      stack.config["ecs-image-verification:verifier"] = { architecture: ARCHITECTURE, baseImage, baseImageTrust };
      await writeFile(join(project, "Pulumi.based.yaml"), stringify(stack));
    });

    it("builds nothing while nobody trusted has signed it, and says the reason code", async () => {
      const { code, stdout, stderr } = await imageBuildOf("based", ...access);

      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, new RegExp(`verifier\\.baseImage: ${baseImage} is denied \\(no-signature\\): `));
    });

    it("builds on it once it is signed, and pushes an image that says which settings are in it", async () => {
      await scene.stack.sign(baseImage, scene.stack.signer.putProfile("base").arn);
      const repository = `${scene.stack.registry}/platform/on-base`;

      const { code, stdout, stderr } = await imageBuildOf(
        "based",
        ...access,
        ...["--repository", repository, "--push", "--json"],
      );

      assert.equal(code, 0, stderr);
      const { imageUri, settings, baseImage: from } = JSON.parse(stdout);
      assert.equal(from, baseImage);
      assert.doesNotMatch(stderr, /go build/);
      const reading = { url: `http://${scene.stack.registry}`, tokens: new Map<string, string>() };
      const [, digest] = imageUri.split("@");
      const { architecture, labels } = await readImageConfig(reading, { repository: "platform/on-base", digest });
      assert.deepEqual([architecture, labels[SETTINGS_LABEL]], [toProcessor(ARCHITECTURE), settings]);
    });

    it("takes no argument of a Dockerfile that is not used", async () => {
      const { code, stderr } = await imageBuildOf("based", ...access, "--build-arg", "SIGNER_ROOTS=http://a");

      assert.equal(code, 64);
      assert.match(stderr, /--build-arg is for an image that is built from its sources/);
    });
  });

  it("says so where Docker fails, with what Docker says", async () => {
    const { code, stderr } = await imageBuild("--build-arg", "NOTATION_GO_VERSION=v0.0.1");

    assert.equal(code, 2);
    assert.match(stderr, /NOTATION_GO_VERSION=v0\.0\.1 is not the version/);
    assert.match(stderr, /docker build failed: its output above says why\.\n$/);
  });
});
