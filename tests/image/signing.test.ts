import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { buildArguments, runArguments } from "../../components/sample/signing-tools";
import { type BaseImages, baseImages } from "./support/base-images";
import { type Engine, startEngine } from "./support/engine";
import { startLoopbackNetwork } from "./support/loopback";
import { DOCKER, missingForImages, skipOrFail } from "./support/requirements";
import { type Scene, startScene } from "./support/scene";
import { buildBase } from "./support/verifier-image";

describe("the image that signs the sample", function () {
  this.timeout(5 * 60_000);

  const cleanUps: (() => Promise<void>)[] = [];
  let engine: Engine;
  let base: BaseImages;
  let scene: Scene;

  before("start an engine", async function () {
    this.timeout(15 * 60_000);
    const missing = missingForImages();
    if (missing !== undefined) return skipOrFail(this, missing);
    engine = await startEngine();
    cleanUps.push(engine.stop);
    base = await baseImages(engine);
    scene = await startScene();
    cleanUps.push(scene.close);
  });

  after("stop the engine", async function () {
    this.timeout(60_000);
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  });

  /** Has an image sign, with the stand-ins of this machine in place of ECR and Signer; gives what it prints. */
  async function sign(image: string, reference: string, profile: string): Promise<string> {
    const { registry, signer } = scene.stack;
    const network = await startLoopbackNetwork(engine, base.node, [registry, new URL(signer.url).host]);
    try {
      const [start = "", ...run] = runArguments(image, { image: reference, profile });
      const flags = ["--plain-http", "--signer-endpoint", signer.url, reference];
      const signing = promisify(execFile)(
        DOCKER,
        [start, "--network", network.network, ...run.slice(0, -1), ...flags],
        {
          env: { ...engine.environment, ...scene.stack.environment },
        },
      );
      signing.child.stdin?.end(JSON.stringify({ username: "AWS", password: "any" }));
      return (await signing).stdout;
    } finally {
      await network.close();
    }
  }

  it("may be a base image, which is there already", async () => {
    const tag = `${scene.stack.registry}/example/verifier-base:signing`;
    await buildBase(engine, base, tag);
    const profile = scene.stack.signer.putProfile("sample");

    const stdout = await sign(tag, await scene.unsigned("signed by a base image"), profile.arn);

    assert.equal(JSON.parse(stdout).signature.profileVersion, profile.versionArn);
  });

  it("is built for the engine's own platform without trust, settings or bundle, and signs", async () => {
    const [command = "", ...build] = buildArguments(base.go);
    const local = ["--network", "host", "--build-arg", `PLUGIN=${base.plugin}`];
    const built = (await engine.docker([command, ...local, ...build])).trim();
    const profile = scene.stack.signer.putProfile("sample");
    const reference = await scene.unsigned("signed by an image");

    const stdout = await sign(built, reference, profile.arn);

    assert.match(built, /^sha256:/);
    assert.equal(JSON.parse(stdout).signature.profileVersion, profile.versionArn);
  });
});
