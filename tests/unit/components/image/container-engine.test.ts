import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import {
  ContainerEngineMissingError,
  engineHosts,
  findPlace,
  hasDockerProvider,
  requireContainerEngine,
} from "../../../../components/image/container-engine";
import { runProgram } from "../run-program";

describe("the container engine that a deployment needs", () => {
  let folder: string;
  let socket: string;
  let server: Server | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "engine-"));
    socket = join(folder, "docker.sock");
  });

  afterEach(async () => {
    server?.close();
    server = undefined;
    await rm(folder, { recursive: true, force: true });
  });

  const listen = async () => {
    server = createServer((connection) => connection.destroy());
    await new Promise<void>((listening) => server?.listen(socket, listening));
  };
  const require = (env: NodeJS.ProcessEnv, config: Readonly<Record<string, string>> = {}) =>
    runProgram(() => requireContainerEngine(env), { stack: "prod", config });

  it("is looked for where the Docker provider does: what is configured, DOCKER_HOST, the system's and the user's own", () => {
    assert.deepEqual(engineHosts({ DOCKER_HOST: "unix:///other" }, "unix:///configured"), ["unix:///configured"]);
    assert.deepEqual(engineHosts({ DOCKER_HOST: "unix:///other" }, undefined), ["unix:///other"]);
    assert.deepEqual(engineHosts({}, undefined, "linux"), [
      "unix:///var/run/docker.sock",
      `unix://${homedir()}/.docker/run/docker.sock`,
      `unix://${homedir()}/.docker/desktop/docker.sock`,
    ]);
  });

  it("is there if something takes the connection", async () => {
    await listen();

    await require({ DOCKER_HOST: `unix://${socket}` });
    await require({ DOCKER_HOST: "unix:///nowhere" }, { "docker:host": `unix://${socket}` });
  });

  it("is missing: the error says where it was looked for, and what to do, with the stack's name", async () => {
    await assert.rejects(require({ DOCKER_HOST: `unix://${socket}` }), (error) => {
      assert.ok(error instanceof ContainerEngineMissingError);
      assert.equal(error.stack, error.message);
      assert.match(error.message, new RegExp(`Tried unix://${socket}: there is no such socket\\.`));
      assert.match(error.message, /Start Docker\./);
      assert.match(error.message, /ecs-image-verification image build --stack prod --repository REPOSITORY --push/);
      assert.match(error.message, /pulumi config set --stack prod --path verifier\.imageUri REPOSITORY@sha256:DIGEST/);
      return true;
    });
  });

  it("is missing where nothing listens", async () => {
    await assert.rejects(require({ DOCKER_HOST: "tcp://127.0.0.1:1" }), /nothing listens there/);
  });

  it("is left to the provider where only that can tell", async () => {
    for (const DOCKER_HOST of ["ssh://builder", "npipe:////./pipe/docker_engine", "tcp://[::1]:2375"]) {
      assert.equal(findPlace(DOCKER_HOST, {}), undefined);
      await require({ DOCKER_HOST });
    }
    assert.deepEqual(engineHosts({}, undefined, "win32"), []);
    assert.equal(findPlace("tcp://builder:2375", { https_proxy: "http://proxy:3128" }), undefined);
    await require({ DOCKER_HOST: "tcp://no-such-host.invalid:2375" });
  });

  it("is not looked for where the component is given a Docker provider", async () => {
    await runProgram(
      () => {
        const provider = new docker.Provider("own", { host: "ssh://builder" });
        assert.equal(hasDockerProvider({ providers: [provider] }), true);
        assert.equal(hasDockerProvider({ providers: { docker: provider } }), true);
        assert.equal(hasDockerProvider({ provider }), true);
        assert.equal(hasDockerProvider({ parent: new docker.RemoteImage("image", { name: "a" }) }), false);
        assert.equal(hasDockerProvider(), false);
      },
      { states: { "pulumi:providers:docker": {}, "docker:index/remoteImage:RemoteImage": {} } },
    );
  });
});
