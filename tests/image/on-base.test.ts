import assert from "node:assert/strict";
import { SETTINGS_LABEL } from "../../components/image/verifier-build";
import { deploymentCheckRequest } from "../../verifier/src/detector/deployment-check";
import { hashSettings } from "../../verifier/src/settings-hash";
import { SETTINGS_VERSION, writtenSettings } from "../../verifier/src/settings-version";
import { type BaseImages, baseImages, foreignBaseImages } from "./support/base-images";
import { type Engine, startEngine } from "./support/engine";
import { type LambdaFunction, startFunction } from "./support/lambda-function";
import { startLoopbackNetwork } from "./support/loopback";
import { pushIndexOf, pushTagged } from "./support/push";
import { missingForImages, skipOrFail } from "./support/requirements";
import { type RuntimeApi, startRuntimeApi } from "./support/runtime-api";
import { functionEnvironment, launchOf, type Scene, startScene } from "./support/scene";
import { buildBase, buildLocalVerifier, buildOnBase } from "./support/verifier-image";

const PREFIX = "ecs-image-verification-test";
const IMAGE = `${PREFIX}/verifier:on-base`;
const [OWN, OTHER] = process.arch === "arm64" ? ["arm64", "amd64"] : ["amd64", "arm64"];

describe("a base image, and the verifier image on it", function () {
  this.timeout(5 * 60_000);

  const cleanUps: (() => Promise<void>)[] = [];
  let engine: Engine;
  let base: BaseImages;
  let scene: Scene;
  /** `REPOSITORY@sha256:...` of the base image for this machine's processor, and of its index for two. */
  let own: string;
  let index: string;

  before("start an engine and a registry, and push the base image for two platforms", async function () {
    this.timeout(15 * 60_000);
    const missing = missingForImages();
    if (missing !== undefined) return skipOrFail(this, missing);
    engine = await startEngine();
    cleanUps.push(engine.stop);
    base = await baseImages(engine);
    scene = await startScene();
    cleanUps.push(scene.close);
    const name = "example/verifier-base";
    const repository = `${scene.stack.registry}/${name}`;
    const foreign = await foreignBaseImages(engine, base, `linux/${OTHER}`);
    await buildBase(engine, base, `${repository}:${OWN}`);
    await buildBase(engine, foreign, `${repository}:${OTHER}`, `linux/${OTHER}`);
    const pushed = {
      [OWN]: await pushTagged(engine, `${repository}:${OWN}`),
      [OTHER]: await pushTagged(engine, `${repository}:${OTHER}`),
    };
    own = `${repository}@${pushed[OWN]}`;
    index = `${repository}@${await pushIndexOf({ url: `http://${scene.stack.registry}`, name }, pushed)}`;
    // What follows must come from the registry.
    await engine.docker(["image", "rm", `${repository}:${OWN}`, `${repository}:${OTHER}`]);
  });

  after("stop everything", async function () {
    this.timeout(60_000);
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  });

  const configure = (baseImage: string, args = {}, platform = `linux/${OWN}`) =>
    buildOnBase(engine, { tag: IMAGE, baseImage, settings: scene.settings, platform, args });
  const inspected = async (image: string) => JSON.parse(await engine.docker(["image", "inspect", image]))[0];
  const filesOf = async (image: string) => {
    const find = ["/opt/ecs-image-verification", "-type", "f"];
    const found = await engine.docker(["run", "--rm", "--network", "none", "--entrypoint", "find", image, ...find]);
    return found.trim().split("\n").sort();
  };

  it("the base has no settings and no trust policy, and its function does not start: it says why", async () => {
    const api = await startRuntimeApi(10_000);
    const network = await startLoopbackNetwork(engine, base.node, [api.address]);
    try {
      await engine.docker(["pull", own]);
      const started = startFunction(engine, {
        image: own,
        network: network.network,
        runtimeApi: api,
        environment: functionEnvironment(scene.aws),
      });

      await assert.rejects(
        started,
        /settings\.json is missing: this is a base image, .* Deploy with verifier\.baseImage, which puts them on top of it/,
      );
      assert.deepEqual(await filesOf(own), [
        "/opt/ecs-image-verification/architecture",
        "/opt/ecs-image-verification/check-settings.js",
        "/opt/ecs-image-verification/config/truststore/x509/signingAuthority/aws-signer-ts/root.crt",
        "/opt/ecs-image-verification/notation-verifier",
        "/opt/ecs-image-verification/signer-plugin",
      ]);
      assert.equal((await inspected(own)).Config.Labels[SETTINGS_LABEL], undefined);
    } finally {
      await network.close();
      await api.close();
    }
  });

  it("the image on it has the settings, their hash as label, and nothing that anybody may write", async () => {
    await configure(own);

    const { Config: config, Architecture: architecture } = await inspected(IMAGE);
    assert.equal(architecture, OWN);
    assert.deepEqual([config.Cmd, config.User], [["launch.handler"], ""]);
    assert.equal(config.Labels[SETTINGS_LABEL], hashSettings(scene.settings));
    assert.equal(config.Labels["org.opencontainers.image.base.name"], own);
    assert.equal(config.Labels["ecs-image-verification.signer-plugin"], "v1.0.2292");
    const files = await filesOf(IMAGE);
    const added = ["/opt/ecs-image-verification/config/trustpolicy.json", "/opt/ecs-image-verification/settings.json"];
    assert.deepEqual(
      files.filter((file) => added.includes(file)),
      added,
    );
    const writable = ["/opt/ecs-image-verification", "-perm", "/0222", "-type", "f"];
    const run = ["run", "--rm", "--network", "none", "--entrypoint", "find", IMAGE];
    assert.equal(await engine.docker([...run, ...writable]), "");
    assert.equal(await engine.docker([...run, "/opt/ecs-image-verification", "-not", "-perm", "-0444"]), "");
  });

  describe("as Lambda runs it", () => {
    let runtimeApi: RuntimeApi;
    let running: LambdaFunction;

    before("start the function", async () => {
      // Skipped: the machine lacks what the image needs.
      if (index === undefined) return;
      await configure(index);
      const { signer, registry } = scene.stack;
      const local = `${PREFIX}/verifier:on-base-local`;
      await buildLocalVerifier(engine, {
        tag: local,
        from: IMAGE,
        signerEndpoint: signer.url,
        rootPem: signer.rootPem,
      });
      runtimeApi = await startRuntimeApi(60_000);
      cleanUps.push(runtimeApi.close);
      const addresses = [registry, new URL(signer.url).host, scene.aws.address, runtimeApi.address];
      const network = await startLoopbackNetwork(engine, base.node, addresses);
      cleanUps.push(network.close);
      const environment = functionEnvironment(scene.aws);
      running = await startFunction(engine, { image: local, network: network.network, runtimeApi, environment });
      cleanUps.push(running.stop);
    });

    it("finds a signed image trusted, and stops the task of an unsigned one", async () => {
      const signed = await runtimeApi.invoke(launchOf(await scene.signed("on-base signed")));
      const unsigned = await runtimeApi.invoke(launchOf(await scene.unsigned("on-base unsigned")));

      assert.deepEqual([signed.outcome, unsigned.outcome], ["response", "response"], running.log());
      assert.match(running.log(), /"signature-valid"/);
      assert.match(running.log(), /"no-signature"/);
      assert.equal(scene.aws.calls("ECS.StopTask").length, 1);
    });

    it("tells a deployment that it runs on its settings", async () => {
      const { outcome, body } = await runtimeApi.invoke(deploymentCheckRequest(hashSettings(scene.settings)));

      assert.deepEqual([outcome, body], ["response", { warnings: [] }]);
    });
  });

  it("of an index, is for the processor of the function, and is checked without emulating it", async () => {
    await configure(index, {}, `linux/${OTHER}`);

    assert.equal((await inspected(IMAGE)).Architecture, OTHER);
  });

  describe("is not made, since the base image refuses it:", () => {
    const newer = () => JSON.stringify({ ...writtenSettings(scene.settings), version: SETTINGS_VERSION + 1, more: {} });

    it("newer settings than an older base knows", async () => {
      await assert.rejects(
        configure(own, { SETTINGS: newer() }),
        new RegExp(
          `settings\\.json: version is ${SETTINGS_VERSION + 1}; this verifier reads settings of version ${SETTINGS_VERSION} only: ` +
            "the verifier is older than what has configured it",
        ),
      );
    });

    it("settings that its function could not read, another hash, and a trust policy that is not strict", async () => {
      const settings = JSON.stringify({ ...writtenSettings(scene.settings), mode: "observe" });
      const lenient = JSON.stringify({ version: "1.0", trustPolicies: [] });

      await assert.rejects(configure(own, { SETTINGS: settings }), /settings\.json: mode: /);
      await assert.rejects(configure(own, { SETTINGS_HASH: "0".repeat(64) }), /SETTINGS_HASH is 0{64}/);
      await assert.rejects(configure(own, { TRUST_POLICY: lenient }), /is not the trust policy of the trust document/);
      await assert.rejects(configure(own, { TRUST_POLICY: "" }), /--build-arg TRUST_POLICY is missing/);
      await assert.rejects(configure(own, { SETTINGS: "" }), /--build-arg SETTINGS is missing/);
    });
  });

  describe("is not made", () => {
    it("on a base image for another processor than the function's", async () => {
      await assert.rejects(
        configure(own, {}, `linux/${OTHER}`),
        new RegExp(`is for ${OWN}, and the function for ${OTHER}: give the digest of the index, or of the other image`),
      );
    });

    it("on a base image that the registry does not have", async () => {
      await assert.rejects(configure(own.replace(/[0-9a-f]{64}$/, "e".repeat(64))), /e{64}.*not found/s);
    });

    it("on an image that is no base image, or that is configured already", async () => {
      const repository = `${scene.stack.registry}/example/other`;
      await engine.docker(["tag", base.node, `${repository}:node`]);
      const node = await pushTagged(engine, `${repository}:node`);
      await configure(own);
      await engine.docker(["tag", IMAGE, `${repository}:configured`]);
      const configured = await pushTagged(engine, `${repository}:configured`);

      await assert.rejects(configure(`${repository}@${node}`), /is not a base image of this verifier: it has no \/opt/);
      await assert.rejects(
        configure(`${repository}@${configured}`),
        /has the configuration of an environment already: name the base image that it was made on/,
      );
    });
  });
});
