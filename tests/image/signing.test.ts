import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { buildArguments, runArguments } from "../../components/sample/signing-tools";
import { type BaseImages, baseImages } from "./support/base-images";
import { type Engine, startEngine } from "./support/engine";
import { startLoopbackNetwork } from "./support/loopback";
import { DOCKER, missingForImages, skipOrFail } from "./support/requirements";
import { type Scene, startScene } from "./support/scene";

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

  it("is built for the engine's own platform without trust, settings or bundle, and signs", async () => {
    const [command = "", ...build] = buildArguments(base.go);
    const local = ["--network", "host", "--build-arg", `PLUGIN=${base.plugin}`];
    const built = (await engine.docker([command, ...local, ...build])).trim();
    const profile = scene.stack.signer.putProfile("sample");
    const reference = await scene.unsigned("signed by an image");

    const { registry, signer } = scene.stack;
    const network = await startLoopbackNetwork(engine, base.node, [registry, new URL(signer.url).host]);
    cleanUps.push(network.close);

    const [start = "", ...run] = runArguments(built, { image: reference, profile: profile.arn });
    // The stand-ins of this machine in place of ECR and Signer.
    const flags = ["--plain-http", "--signer-endpoint", signer.url, reference];
    const signing = promisify(execFile)(DOCKER, [start, "--network", network.network, ...run.slice(0, -1), ...flags], {
      env: { ...engine.environment, ...scene.stack.environment },
    });
    signing.child.stdin?.end(JSON.stringify({ username: "AWS", password: "any" }));
    const { stdout } = await signing;

    assert.match(built, /^sha256:/);
    assert.equal(JSON.parse(stdout).signature.profileVersion, profile.versionArn);
  });
});
