import assert from "node:assert/strict";
import { createServer } from "node:http";
import { listenOnLoopback } from "../../local/listen";
import { signerRoot } from "../../trust/roots";
import { type BaseImages, baseImages } from "../image/support/base-images";
import { buildImage, type Engine as DockerEngine, startEngine as startDocker } from "../image/support/engine";
import { type LambdaFunction, startFunction } from "../image/support/lambda-function";
import { startLoopbackNetwork } from "../image/support/loopback";
import { missingForImages, skipOrFail } from "../image/support/requirements";
import { type RuntimeApi, startRuntimeApi } from "../image/support/runtime-api";
import { functionEnvironment, launchOf, type Scene as Stage, startScene as setStage } from "../image/support/scene";
import { buildLocalVerifier } from "../image/support/verifier-image";
import { dockerPackage, type ImageBuild } from "./support/docker-provider";
import { program } from "./support/program";
import { requireCli } from "./support/requirements";
import { type Scene, startScene } from "./support/scene";

const LOCAL_IMAGE = "ecs-image-verification-test/verifier:deployed";
const functionTimeoutMs = 60_000;

describe("engine: the image that a deployment builds", function () {
  this.timeout(5 * 60_000);

  const cleanUps: (() => Promise<void>)[] = [];
  let docker: DockerEngine;
  let base: BaseImages;
  let stage: Stage;
  let scene: Scene;
  let runtimeApi: RuntimeApi;
  let deployed: LambdaFunction;

  before("deploy with a real engine and a real registry", async function () {
    this.timeout(15 * 60_000);
    const missing = missingForImages();
    if (missing !== undefined) return skipOrFail(this, missing);
    await requireCli(this);
    docker = await startDocker();
    cleanUps.push(docker.stop);
    base = await baseImages(docker);
    stage = await setStage();
    cleanUps.push(stage.close);
    scene = await startScene({ ...program, packages: [...(program.packages ?? []), dockerPackage(buildAndPush)] });
    cleanUps.push(scene.close);
    await scene.project.configure("real", () => ({
      "aws:region": "eu-west-1",
      "ecs-image-verification:mode": "enforce",
      "ecs-image-verification:verifier": { architecture: process.arch === "arm64" ? "arm64" : "x86_64" },
      "ecs-image-verification:trust": {
        registries: [stage.stack.registry],
        statements: [
          { name: "release", repositories: ["*"], identities: [stage.stack.signer.putProfile("release").arn] },
        ],
      },
    }));
    const run = await scene.run("up", "real");
    assert.deepEqual([run.code, run.errors], [0, []]);
    await startDeployed(await imageOfFunction());
  });

  after("stop everything", async function () {
    this.timeout(60_000);
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  });

  /** Builds with local bases, and pushes to the local registry, which plays the account's. Gives the digest. */
  async function buildAndPush({ imageName, context, dockerfile, args, platform }: ImageBuild): Promise<string> {
    const rootPem = await signerRoot("aws");
    const roots = await listenOnLoopback(createServer((_, response) => void response.end(rootPem)));
    const tag = localName(imageName);
    try {
      const local = {
        GO_IMAGE: base.go,
        NODE_IMAGE: base.node,
        PLUGIN: base.plugin,
        SIGNER_ROOTS: `http://${roots.address}`,
      };
      const target = platform === undefined ? {} : { platform };
      await buildImage(docker, { context, dockerfile, tag, args: { ...args, ...local }, ...target });
    } finally {
      await roots.close();
    }
    await docker.docker(["push", tag]);
    const digests = await docker.docker(["image", "inspect", "--format", "{{json .RepoDigests}}", tag]);
    const digest = /sha256:[0-9a-f]{64}/.exec(digests)?.[0];
    if (digest === undefined) throw new Error(`${tag} has no digest after its push: ${digests}`);
    return digest;
  }

  function localName(image: string): string {
    return image.replace(/^[^/]+/, stage.stack.registry);
  }

  async function imageOfFunction(): Promise<string> {
    const state = await scene.state("real");
    return String(state.find(({ type }) => type === "aws:lambda/function:Function")?.outputs?.imageUri);
  }

  async function startDeployed(image: string): Promise<void> {
    const { signer, registry } = stage.stack;
    // From the registry, not from what the build has left.
    await docker.docker(["pull", localName(image)]);
    await buildLocalVerifier(docker, {
      tag: LOCAL_IMAGE,
      from: localName(image),
      signerEndpoint: signer.url,
      rootPem: signer.rootPem,
    });
    runtimeApi = await startRuntimeApi(functionTimeoutMs);
    cleanUps.push(runtimeApi.close);
    const addresses = [registry, new URL(signer.url).host, stage.aws.address, runtimeApi.address];
    const network = await startLoopbackNetwork(docker, base.node, addresses);
    cleanUps.push(network.close);
    deployed = await startFunction(docker, {
      image: LOCAL_IMAGE,
      network: network.network,
      runtimeApi,
      environment: functionEnvironment(stage.aws),
    });
    cleanUps.push(deployed.stop);
  }

  it("judges launches by the stack's configuration: a signed image is trusted, an unsigned one is stopped", async () => {
    const signed = await runtimeApi.invoke(launchOf(await stage.signed("deployed-signed")));
    const unsigned = await runtimeApi.invoke(launchOf(await stage.unsigned("deployed-unsigned")));

    assert.deepEqual([signed.outcome, unsigned.outcome], ["response", "response"], deployed.log());
    assert.match(deployed.log(), /"signature-valid"/);
    assert.match(deployed.log(), /"no-signature"/);
    assert.equal(stage.aws.calls("ECS.StopTask").length, 1);
  });

  it("is not built again when nothing has changed", async () => {
    const run = await scene.run("up", "real");

    assert.deepEqual([run.code, run.errors, Object.keys(run.summary)], [0, [], ["same"]]);
  });
});
