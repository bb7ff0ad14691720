import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { SETTINGS_LABEL } from "../../components/image/verifier-build";
import { signerRoot } from "../../trust/roots";
import { hashSettings } from "../../verifier/src/settings-hash";
import type { BaseImages } from "./support/base-images";
import type { Engine } from "./support/engine";
import { IMAGE, useVerifierImage } from "./support/fixture";
import type { Scene } from "./support/scene";
import { buildVerifier } from "./support/verifier-image";

describe("the verifier image, as it is built", function () {
  this.timeout(5 * 60_000);

  let engine: Engine;
  let base: BaseImages;
  let scene: Scene;

  useVerifierImage((fixture) => {
    ({ engine, base, scene } = fixture);
  });

  it("has its command, labels with the versions and the hash of its settings, and no user", async () => {
    const [{ Config: config, Size: size }] = JSON.parse(await engine.docker(["image", "inspect", IMAGE]));
    const [{ Size: baseSize }] = JSON.parse(await engine.docker(["image", "inspect", base.node]));

    assert.deepEqual(config.Cmd, ["launch.handler"]);
    assert.equal(config.User, "");
    assert.equal(config.Labels["ecs-image-verification.signer-plugin"], "v1.0.2292");
    assert.equal(config.Labels["ecs-image-verification.notation-go"], "v1.3.2");
    assert.equal(config.Labels[SETTINGS_LABEL], hashSettings(scene.settings));
    assert.equal(config.Labels["org.opencontainers.image.base.name"], base.node);
    console.log(`      ${megabytes(size)}, of which the base image ${megabytes(baseSize)}`);
  });

  it("has every file readable by any user and writable by none", async () => {
    const find = (test: string) =>
      engine.docker([
        ...["run", "--rm", "--network", "none", "--entrypoint", "find", IMAGE],
        ...["/opt/ecs-image-verification", "/var/task", ...test.split(" ")],
      ]);

    assert.equal(await find("-perm /0022"), "");
    assert.equal(await find("-type f -perm /0222"), "");
    assert.equal(await find("-not -perm -0444"), "");
    assert.equal(await find("-type d -not -perm -0555"), "");
    assert.equal(await find("-not -user root"), "");
    const files = (await find("-type f")).trim().split("\n").sort();
    assert.deepEqual(files, [
      "/opt/ecs-image-verification/config/trustpolicy.json",
      "/opt/ecs-image-verification/config/truststore/x509/signingAuthority/aws-signer-ts/root.crt",
      "/opt/ecs-image-verification/notation-verifier",
      "/opt/ecs-image-verification/settings.json",
      "/opt/ecs-image-verification/signer-plugin",
      "/var/task/THIRD-PARTY-NOTICES",
      "/var/task/canary.js",
      "/var/task/canary.js.map",
      "/var/task/deployment.js",
      "/var/task/deployment.js.map",
      "/var/task/keeper.js",
      "/var/task/keeper.js.map",
      "/var/task/launch.js",
      "/var/task/launch.js.map",
      "/var/task/sweep-worker.js",
      "/var/task/sweep-worker.js.map",
      "/var/task/sweep.js",
      "/var/task/sweep.js.map",
    ]);
  });

  const aside = "ecs-image-verification-test/verifier:stage";
  const inStage = (command: string) => engine.docker(["run", "--rm", "--network", "none", aside, "sh", "-c", command]);

  it("is compiled for the processor it is for, without emulation", async () => {
    await buildVerifier(engine, base, {
      target: "verifier",
      tag: aside,
      platform: "linux/arm64",
      settings: scene.settings,
    });

    // e_machine of the ELF header; 183 is AArch64.
    assert.equal((await inStage("od -An -td2 -j18 -N2 /out/notation-verifier")).trim(), "183");
  });

  it("takes the pinned root certificate and nothing that follows it", async () => {
    const pinned = await signerRoot("aws");
    const rootPem = `${pinned}\n${scene.stack.signer.rootPem}`;

    await buildVerifier(engine, base, { target: "root", tag: aside, settings: scene.settings, rootPem });

    const kept = await inStage("cat /out/truststore/x509/signingAuthority/aws-signer-ts/*");
    assert.equal(kept.match(/BEGIN CERTIFICATE/g)?.length, 1);
    assert.equal(new X509Certificate(kept).fingerprint256, new X509Certificate(pinned).fingerprint256);
  });
});

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
