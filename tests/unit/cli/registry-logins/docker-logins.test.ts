import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { findDockerConfig } from "../../../../cli/registry-logins/docker-config";
import { dockerLogins } from "../../../../cli/registry-logins/docker-logins";
import { toAuth, useDockerHome } from "./docker-home";

const HOST = "registry.example.com:5000";
const LOGIN = { username: "ci", password: "s3cr3t:with:colons" };

describe("the logins of Docker's configuration", () => {
  const home = useDockerHome();
  const loginAt = (host = HOST) => dockerLogins(home().env)(host);
  const answering = (username: string, secret: string) =>
    `process.stdout.write(JSON.stringify({ ServerURL: server, Username: ${JSON.stringify(username)}, Secret: ${JSON.stringify(secret)} }));`;

  it("are in the folder that DOCKER_CONFIG names, else in ~/.docker", () => {
    assert.equal(findDockerConfig({ DOCKER_CONFIG: "/etc/docker-of-ci" }), "/etc/docker-of-ci/config.json");
    for (const env of [{}, { DOCKER_CONFIG: "" }]) {
      assert.equal(findDockerConfig(env), join(homedir(), ".docker/config.json"));
    }
  });

  it("are none where there is no file, no folder or no entry", async () => {
    assert.equal(await loginAt(), undefined);
    assert.equal(await dockerLogins({ DOCKER_CONFIG: "/no/such/folder" })(HOST), undefined);
    home().write({ auths: { "other.example.com": toAuth("ci", "s3cr3t") }, HttpHeaders: {}, currentContext: "x" });
    assert.equal(await loginAt(), undefined);
    home().write({ auths: { [HOST]: {} } });
    assert.equal(await loginAt(), undefined);
    home().write({ auths: null, credHelpers: null, credsStore: null });
    assert.equal(await loginAt(), undefined);
  });

  it("are read from auths: by the host, or by a URL of it", async () => {
    for (const key of [HOST, `https://${HOST}`, `https://${HOST}/v1/`, `http://${HOST}/v2/`]) {
      home().write({ auths: { [key]: toAuth(LOGIN.username, LOGIN.password) } });

      assert.deepEqual(await loginAt(), LOGIN, key);
    }
  });

  it("are not those of a host that only looks similar", async () => {
    const near = [
      "registry.example.com",
      "registry.example.com:50",
      `x${HOST}`,
      `https://evil/${HOST}`,
      "*",
      `${HOST}.evil`,
    ];
    home().write({ auths: Object.fromEntries(near.map((key) => [key, toAuth("ci", "s3cr3t")])) });

    assert.equal(await loginAt(), undefined);
    assert.equal(await loginAt("toString"), undefined);
    assert.equal(await loginAt("__proto__"), undefined);
  });

  it("are read from auths as user name and password, and as an identity token", async () => {
    home().write({ auths: { [HOST]: LOGIN } });
    assert.deepEqual(await loginAt(), LOGIN);
    home().write({ auths: { [HOST]: { ...toAuth("ci", ""), identitytoken: "s3cr3t-token" } } });
    assert.deepEqual(await loginAt(), { username: "ci", password: "", identityToken: "s3cr3t-token" });
  });

  it("are those of Docker Hub by the name that Docker has for it", async () => {
    home().write({ auths: { "https://index.docker.io/v1/": toAuth("ci", "s3cr3t") } });

    assert.deepEqual(await loginAt("docker.io"), { username: "ci", password: "s3cr3t" });
  });

  it("come from the registry's helper, else from the store, else from auths", async () => {
    await home().helper("one", answering("from-helper", "s3cr3t"));
    await home().helper("store", answering("from-store", "s3cr3t"));
    const auths = { [HOST]: toAuth("from-auths", "s3cr3t") };
    for (const [config, username] of [
      [{ auths, credsStore: "store", credHelpers: { [HOST]: "one" } }, "from-helper"],
      [{ auths, credsStore: "store", credHelpers: { "other.example.com": "one" } }, "from-store"],
      [{ auths, credsStore: "", credHelpers: {} }, "from-auths"],
    ] as const) {
      home().write(config);

      assert.equal((await loginAt())?.username, username);
    }
  });

  it("ask a helper for the server as Docker calls it, and take <token> for an identity token", async () => {
    await home().helper("echo", "process.stdout.write(JSON.stringify({ Username: server, Secret: 's3cr3t' }));");
    await home().helper("token", answering("<token>", "s3cr3t-token"));
    home().write({ credsStore: "echo", credHelpers: { [HOST]: "token" } });

    assert.equal((await loginAt("docker.io"))?.username, "https://index.docker.io/v1/");
    assert.equal((await loginAt("ghcr.io"))?.username, "ghcr.io");
    assert.deepEqual(await loginAt(), { username: "", password: "", identityToken: "s3cr3t-token" });
  });

  it("are none for ECR, whose helper is never started", async () => {
    const ecr = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
    home().write({
      auths: { [ecr]: toAuth("AWS", "s3cr3t") },
      credHelpers: { [ecr]: "not-there" },
      credsStore: "not-there",
    });

    assert.equal(await loginAt(ecr), undefined);
  });

  it("ask a helper once for each registry", async () => {
    await home().helper(
      "counting",
      "require('node:fs').appendFileSync(process.argv[1] + '.log', 'x'); process.stdout.write(JSON.stringify({ Username: String(process.pid), Secret: 's3cr3t' }));",
    );
    home().write({ credsStore: "counting" });
    const logins = dockerLogins(home().env);

    const [first, second] = await Promise.all([logins(HOST), logins(HOST)]);
    assert.equal(first?.username, second?.username);
    assert.equal((await logins(HOST))?.username, first?.username);
    assert.notEqual((await logins("ghcr.io"))?.username, first?.username);
  });

  describe("are an error that names the file and has nothing of it", () => {
    for (const [what, config, message] of [
      ["not JSON", '{"auths": {"x": {"auth": "s3cr3t"', /is not JSON/],
      ["a list", ["s3cr3t"], /has another form than Docker's/],
      ["a helper that is no text", { credHelpers: { [HOST]: { s3cr3t: 1 } } }, /at "credHelpers\.registry/],
      [
        "auth that is no text",
        { auths: { [HOST]: { auth: ["s3cr3t"] } } },
        /at "auths\.registry\.example\.com:5000\.auth"/,
      ],
      [
        "auth that is no base64 of a login",
        { auths: { [HOST]: { auth: "s3cr3t" } } },
        /`auth` of "registry.example.com:5000"/,
      ],
    ] as const) {
      it(what, async () => {
        home().write(config);

        await assert.rejects(loginAt(), (error: Error & { code?: string }) => {
          assert.equal(error.code, "verifier-misconfigured");
          assert.ok(error.message.includes(home().file) && error.message.includes(HOST), error.message);
          assert.match(error.message, message);
          assert.match(error.message, /--username.*DOCKER_CONFIG/);
          assert.doesNotMatch(error.message, /s3cr3t/);
          return true;
        });
      });
    }

    it("a folder in place of the file", async () => {
      mkdirSync(home().file);

      await assert.rejects(loginAt(), /config\.json: Docker's configuration cannot be read \(EISDIR\)/);
    });
  });
});
