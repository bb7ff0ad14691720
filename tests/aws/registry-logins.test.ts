import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { secretFinding } from "../../trust/registry-login";
import { secretLogins } from "../../verifier/src/verification/registry/secret-logins";
import { useMoto } from "./support/moto";

const HOST = "registry.example.com";

describe("AWS: the logins in secrets", () => {
  const moto = useMoto();

  function setUp() {
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const client = new SecretsManagerClient({
      region: "eu-west-1",
      endpoint: `http://${moto().address}`,
      credentials,
      maxAttempts: 1,
    });
    return {
      async create(value: { readonly SecretString: string } | { readonly SecretBinary: Uint8Array }) {
        const { ARN = "" } = await client.send(
          new CreateSecretCommand({ Name: `registries/${randomUUID()}`, ...value }),
        );
        return ARN;
      },
      replace: (SecretId: string, SecretString: string) =>
        client.send(new PutSecretValueCommand({ SecretId, SecretString })),
      loginsIn: (arn: string) =>
        secretLogins({ logins: [{ host: HOST, credentials: arn }], clientFor: () => client, now: Date.now }),
    };
  }

  const textOf = (password: string) => JSON.stringify({ username: "ci", password });

  it("are read by the ARN that Secrets Manager gives a secret, and read again when they were replaced and are refused", async () => {
    const { create, replace, loginsIn } = setUp();
    const arn = await create({ SecretString: textOf("first") });
    const login = loginsIn(arn);
    const first = await login(HOST);
    await replace(arn, textOf("second"));

    const kept = await login(HOST);
    const second = await login(HOST, first);

    assert.equal(secretFinding(arn), undefined);
    assert.deepEqual(
      [first, kept, second],
      [textOf("first"), textOf("first"), textOf("second")].map((text) => JSON.parse(text)),
    );
  });

  it("are inconclusive where there is no such secret, or none of that form", async () => {
    const { create, loginsIn } = setUp();
    const missing = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:registries/missing-a1B2c3";
    const binary = await create({ SecretBinary: Buffer.from(textOf("s3cr3t")) });

    await assert.rejects(loginsIn(missing)(HOST), {
      code: "verifier-misconfigured",
      message: new RegExp(`${missing}.*ResourceNotFoundException`),
    });
    await assert.rejects(loginsIn(binary)(HOST), { code: "verifier-misconfigured", message: /the secret is not JSON/ });
  });

  it("are unavailable while Secrets Manager cannot be reached", async () => {
    const client = new SecretsManagerClient({
      region: "eu-west-1",
      endpoint: "http://127.0.0.1:1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      maxAttempts: 1,
    });
    const arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:registries/any-a1B2c3";
    const login = secretLogins({ logins: [{ host: HOST, credentials: arn }], clientFor: () => client, now: Date.now });

    await assert.rejects(login(HOST), { code: "registry-unavailable" });
  });
});
