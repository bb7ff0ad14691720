import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { everyCommand, formatCall } from "../../../cli/lib/reference";
import { program } from "../../../cli/main";
import { checkPlaygroundRegistries } from "../../../cli/playground/in-force";
import { pointAtPlayground } from "../../../cli/playground/point-at-playground";
import { PLAYGROUND_VARIABLE } from "../../../local/playground/variable";

const SETTINGS = {
  registry: "127.0.0.1:5000",
  signerEndpoint: "http://127.0.0.1:5001",
  awsEndpoint: "http://127.0.0.1:5002",
  region: "eu-west-1",
  plugin: "/playground/plugin",
  trustStore: "/playground/trust-store",
};

function command(words: string) {
  const found = everyCommand(program()).find((one) => formatCall(one) === `ecs-image-verification ${words}`);
  assert.ok(found, words);
  return found;
}

describe("a shell that is pointed at a playground", () => {
  let folder: string;
  let file: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "playground-settings-"));
    file = join(folder, "playground.json");
  });
  beforeEach(() => writeFile(file, JSON.stringify(SETTINGS)));
  after(() => rm(folder, { recursive: true, force: true }));

  it("gives a command the options that the call does not have", () => {
    const verify = command("verify");
    verify.setOptionValueWithSource("trustStore", "/mine", "cli");

    pointAtPlayground(verify, { [PLAYGROUND_VARIABLE]: file });

    const { signerEndpoint, plugin, trustStore, plainHttp } = verify.opts();
    assert.deepEqual(
      { signerEndpoint, plugin, trustStore, plainHttp },
      { signerEndpoint: SETTINGS.signerEndpoint, plugin: SETTINGS.plugin, trustStore: "/mine", plainHttp: true },
    );
  });

  it("keeps the real account out of reach: nothing of its configuration is left", () => {
    const env: NodeJS.ProcessEnv = {
      [PLAYGROUND_VARIABLE]: file,
      AWS_PROFILE: "production",
      AWS_SESSION_TOKEN: "real",
      AWS_ENDPOINT_URL_ECS: "https://ecs.eu-west-1.amazonaws.com",
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true",
      HOME: "/home/somebody",
    };

    pointAtPlayground(command("scan"), env);

    assert.deepEqual(Object.keys(env).sort(), [
      "AWS_ACCESS_KEY_ID",
      "AWS_CONFIG_FILE",
      "AWS_EC2_METADATA_DISABLED",
      "AWS_ENDPOINT_URL",
      "AWS_ENDPOINT_URL_SIGNER",
      "AWS_REGION",
      "AWS_SECRET_ACCESS_KEY",
      "AWS_SHARED_CREDENTIALS_FILE",
      PLAYGROUND_VARIABLE,
      "HOME",
    ]);
    assert.equal(env.AWS_ENDPOINT_URL, SETTINGS.awsEndpoint);
  });

  it("runs no other command that works on a deployed environment, and leaves the rest alone", () => {
    const env = { [PLAYGROUND_VARIABLE]: file, AWS_PROFILE: "production" };
    const played = ["verify", "sign", "inspect", "revoke", "scan", "gate check"];
    const refused = everyCommand(program()).filter((one) => {
      try {
        pointAtPlayground(one, { ...env });
        return false;
      } catch {
        return true;
      }
    });
    const trust = command("trust check");

    pointAtPlayground(trust, env);

    const withEnvironment = everyCommand(program())
      .filter((one) => one.options.some(({ long }) => long === "--stack"))
      .map(formatCall)
      .filter((call) => !played.some((name) => call === `ecs-image-verification ${name}`));
    assert.deepEqual(refused.map(formatCall), withEnvironment);
    assert.ok(withEnvironment.includes("ecs-image-verification gate attach"));
    assert.equal(env.AWS_PROFILE, "production");
  });

  for (const [what, change] of Object.entries({
    "a registry on another machine": { registry: "registry.example.com" },
    "a registry whose name only looks local": { registry: "127.0.0.1:5000@registry.example.com" },
    "a Signer on another machine": { signerEndpoint: "https://signer.example.com" },
    "an AWS on another machine": { awsEndpoint: "http://10.0.0.1:5002" },
    "a key of another version": { hosts: [] },
  })) {
    it(`accepts no settings with ${what}`, async () => {
      await writeFile(file, JSON.stringify({ ...SETTINGS, ...change }));

      assert.throws(() => pointAtPlayground(command("verify"), { [PLAYGROUND_VARIABLE]: file }), {
        name: "UsageError",
        message: /playground\.json does not have the settings of a playground of this version: .* or here: unset ECS_/,
      });
    });
  }

  it("judges no image, rather than by AWS, when the playground is gone", async () => {
    await rm(file);

    assert.throws(() => pointAtPlayground(command("verify"), { [PLAYGROUND_VARIABLE]: file }), {
      name: "UsageError",
      message: /playground\.json is gone: that playground has ended\. Use another terminal, or here: unset ECS_/,
    });
  });

  it("judges images of the playground's registry only", () => {
    const env = { [PLAYGROUND_VARIABLE]: file };

    checkPlaygroundRegistries([SETTINGS.registry], env);
    assert.throws(() => checkPlaygroundRegistries([SETTINGS.registry, "public.ecr.aws"], env), {
      name: "UsageError",
      message: /certificates are for images of 127\.0\.0\.1:5000 only, not of public\.ecr\.aws\. /,
    });
    checkPlaygroundRegistries(["public.ecr.aws"], {});
  });
});
