import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { ECRClient } from "@aws-sdk/client-ecr";
import {
  GetSecretValueCommand,
  SecretsManagerClient,
  SecretsManagerServiceException,
} from "@aws-sdk/client-secrets-manager";
import { mockClient } from "aws-sdk-client-mock";
import { RegistryCredentialsError } from "../../../../../verifier/src/verification/registry/ecr-credentials";
import { registryCredentials } from "../../../../../verifier/src/verification/registry/registry-credentials";
import { KEEP_LOGIN_MS, READ_REFUSED_EVERY_MS } from "../../../../../verifier/src/verification/registry/secret-logins";
import { resolve } from "../../../trust/resolved";

const SECRET = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:registries/shared-a1B2c3";
const OTHER = "arn:aws:secretsmanager:us-east-1:111122223333:secret:registries/ghcr-a1B2c3";
const LOGINS = [
  { host: "docker.io", credentials: SECRET, tokenServer: "auth.docker.io" },
  { host: "registry.example.com:5000", credentials: SECRET },
  { host: "ghcr.io", credentials: OTHER },
];
const START = Date.parse("2026-03-02T08:00:00Z");

function secret(password: string) {
  return { SecretString: JSON.stringify({ username: "ci", password, more: "is let be" }) };
}

function awsError(name: string, httpStatusCode: number): SecretsManagerServiceException {
  const message = "said no to s3cr3t";
  return new SecretsManagerServiceException({ name, $fault: "client", $metadata: { httpStatusCode }, message });
}

describe("the logins in secrets", () => {
  const manager = mockClient(SecretsManagerClient);
  beforeEach(() => manager.reset());
  after(() => manager.restore());

  function setUp() {
    const clock = { time: START };
    const regions: string[] = [];
    const credentialsFor = registryCredentials({
      trust: resolve({ registries: ["self", "public.ecr.aws", ...LOGINS] }),
      ecr: (region) => new ECRClient({ region }),
      secrets(region) {
        regions.push(region);
        return new SecretsManagerClient({ region });
      },
      now: () => clock.time,
    });
    return { clock, regions, credentialsFor };
  }

  it("are read by ARN in the secret's own region, and come with the token server", async () => {
    manager.on(GetSecretValueCommand, { SecretId: SECRET }).resolves(secret("s3cr3t"));
    const { credentialsFor, regions } = setUp();

    const credentials = await credentialsFor("docker.io");

    assert.deepEqual(credentials, { username: "ci", password: "s3cr3t", tokenServer: "auth.docker.io" });
    assert.deepEqual(regions, ["eu-central-1"]);
  });

  it("are for their registries only", async () => {
    assert.equal(await setUp().credentialsFor("public.ecr.aws"), undefined);
    assert.equal(manager.calls().length, 0);
  });

  it("are read once for registries that share a secret, and for all who ask at the same time", async () => {
    manager.on(GetSecretValueCommand).callsFake(async () => {
      await turn();
      return secret("s3cr3t");
    });
    const { credentialsFor } = setUp();

    const answers = await Promise.all(
      ["docker.io", "registry.example.com:5000", "docker.io"].map((host) => credentialsFor(host)),
    );

    assert.deepEqual(
      answers.map((credentials) => credentials?.password),
      ["s3cr3t", "s3cr3t", "s3cr3t"],
    );
    assert.equal(manager.calls().length, 1);
  });

  it("are kept for five minutes, and not longer", async () => {
    manager.on(GetSecretValueCommand).resolvesOnce(secret("first")).resolves(secret("second"));
    const { clock, credentialsFor } = setUp();
    await credentialsFor("ghcr.io");

    clock.time = START + KEEP_LOGIN_MS - 1;
    const before = await credentialsFor("ghcr.io");
    clock.time = START + KEEP_LOGIN_MS;
    const after = await credentialsFor("ghcr.io");

    assert.deepEqual([before?.password, after?.password], ["first", "second"]);
  });

  it("are read again at once when they are refused, and then at most once a minute", async () => {
    manager.on(GetSecretValueCommand).resolves(secret("first"));
    const { clock, credentialsFor } = setUp();
    const refused = await credentialsFor("ghcr.io");
    const readAfter = async (milliseconds: number) => {
      clock.time = START + milliseconds;
      await credentialsFor("ghcr.io", refused);
      return manager.calls().length;
    };

    const readings = [
      await readAfter(0),
      await readAfter(READ_REFUSED_EVERY_MS - 1),
      await readAfter(READ_REFUSED_EVERY_MS),
    ];

    assert.deepEqual(readings, [2, 2, 3]);
  });

  it("are read again once for all whose login is refused at the same time", async () => {
    manager
      .on(GetSecretValueCommand)
      .resolvesOnce(secret("first"))
      .callsFake(async () => {
        await turn();
        return secret("second");
      });
    const { credentialsFor } = setUp();
    const refused = await credentialsFor("docker.io");

    const answers = await Promise.all(
      ["docker.io", "registry.example.com:5000"].map((host) => credentialsFor(host, refused)),
    );

    assert.deepEqual(
      answers.map((credentials) => credentials?.password),
      ["second", "second"],
    );
    assert.equal(manager.calls().length, 2);
  });

  it("are not read again for a refused login that has been replaced meanwhile", async () => {
    manager.on(GetSecretValueCommand).resolvesOnce(secret("first")).resolves(secret("second"));
    const { credentialsFor } = setUp();
    const refused = await credentialsFor("ghcr.io");

    const answers = [await credentialsFor("ghcr.io", refused), await credentialsFor("ghcr.io", refused)];

    assert.deepEqual(
      answers.map((credentials) => credentials?.password),
      ["second", "second"],
    );
    assert.equal(manager.calls().length, 2);
  });

  it("are asked for again after a failure", async () => {
    manager.on(GetSecretValueCommand).rejectsOnce(awsError("InternalServiceError", 500)).resolves(secret("s3cr3t"));
    const { credentialsFor } = setUp();
    await assert.rejects(credentialsFor("ghcr.io"));

    assert.equal((await credentialsFor("ghcr.io"))?.password, "s3cr3t");
  });

  const failures: readonly (readonly [what: string, error: Error, code: string])[] = [
    ["no permission", awsError("AccessDeniedException", 400), "verifier-misconfigured"],
    ["a secret that is not there", awsError("ResourceNotFoundException", 400), "verifier-misconfigured"],
    ["a key that may not be used", awsError("DecryptionFailure", 400), "verifier-misconfigured"],
    ["throttling", awsError("ThrottlingException", 400), "registry-unavailable"],
    ["a fault of AWS", awsError("InternalServiceError", 500), "registry-unavailable"],
    ["an answer that is cut off", new SyntaxError('Unexpected end: {"SecretString":"s3cr3t'), "registry-unavailable"],
  ];
  for (const [what, error, code] of failures) {
    it(`give ${code} for ${what}, with the ARN and the error's name, and nothing else of the answer`, async () => {
      manager.on(GetSecretValueCommand).rejects(error);

      const thrown = await thrownBy(setUp().credentialsFor("ghcr.io"));

      assert.equal(thrown.code, code);
      assert.ok(
        thrown.message.startsWith(`No credentials for registries with the login ${OTHER}: GetSecretValue failed`),
      );
      assert.ok(thrown.message.includes(error.name));
      assertNoSecret(thrown);
    });
  }

  const unusable: readonly (readonly [what: string, value: object])[] = [
    ["no text", { SecretBinary: Buffer.from("s3cr3t") }],
    ["no JSON", { SecretString: "ci:s3cr3t" }],
    ["JSON that is cut off", { SecretString: '{"username":"ci","password":"s3cr3t' }],
    ["no mapping", { SecretString: '["ci","s3cr3t"]' }],
    ["other keys", { SecretString: '{"user":"ci","pass":"s3cr3t"}' }],
    ["an empty user name", { SecretString: '{"username":"","password":"s3cr3t"}' }],
    ["a password that is no text", { SecretString: '{"username":"s3cr3t","password":{"s3cr3t":1}}' }],
  ];
  for (const [what, value] of unusable) {
    it(`give verifier-misconfigured for ${what}, without a word of the secret`, async () => {
      manager.on(GetSecretValueCommand).resolves(value);

      const thrown = await thrownBy(setUp().credentialsFor("ghcr.io"));

      assert.equal(thrown.code, "verifier-misconfigured");
      assert.ok(thrown.message.includes(OTHER));
      assertNoSecret(thrown);
    });
  }
});

async function thrownBy(action: Promise<unknown>): Promise<RegistryCredentialsError> {
  try {
    await action;
  } catch (error) {
    assert.ok(error instanceof RegistryCredentialsError);
    return error;
  }
  return assert.fail("nothing was refused");
}

function assertNoSecret(error: Error): void {
  assert.doesNotMatch(`${error.message} ${error.stack}`, /s3cr3t/);
  assert.equal(error.cause, undefined);
}
