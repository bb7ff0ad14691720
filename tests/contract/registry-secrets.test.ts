import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { ECRClient } from "@aws-sdk/client-ecr";
import { CreateSecretCommand, DeleteSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { InconclusiveError } from "../../verifier/src/detector/handle";
import { registryCredentials } from "../../verifier/src/verification/registry/registry-credentials";
import { useMoto } from "../aws/support/moto";
import { testDetector } from "../support/detector";
import { runningEvent } from "../support/launch-events";
import { judgeImages } from "./support/judge-images";
import { LOGIN, referenceIn, usePrivateRegistries } from "./support/private-registry";
import { useScene } from "./support/scene";

describe("contract: private registries of CNCF Distribution, with a login in Secrets Manager (moto)", () => {
  const moto = useMoto();
  const registries = usePrivateRegistries();
  const scene = useScene(() => ({ registry: registries().open }));

  const manager = () =>
    new SecretsManagerClient({
      region: "eu-west-1",
      endpoint: `http://${moto().address}`,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      maxAttempts: 1,
    });

  async function secretOf(value: unknown): Promise<string> {
    const text = JSON.stringify(value);
    const command = new CreateSecretCommand({ Name: `registries/${randomUUID()}`, SecretString: text });
    const { ARN = "" } = await manager().send(command);
    return ARN;
  }

  /** What a launch of a signed image of a private registry gives, with everything real from the secret to the registry. */
  async function verdictOn(host: string, credentials: string, tokenServer?: string) {
    const image = await scene().image();
    await scene().sign(image);
    const login = { host, credentials, ...(tokenServer === undefined ? {} : { tokenServer }) };
    const trust = { ...scene().trust(), registries: [host], logins: [login] };
    const judge = judgeImages(scene().verifiers, trust, {
      credentialsFor: registryCredentials({
        trust,
        ecr: (region) => new ECRClient({ region }),
        secrets: manager,
        now: Date.now,
      }),
      deadlineMs: 10_000,
    });
    const detector = testDetector({ judge });
    const container = { name: "web", image: referenceIn(host, image), imageDigest: image.descriptor.digest };
    await detector.handle(runningEvent({ containers: [container] })).catch((error: unknown) => {
      // It has Lambda try again; the line of the log has the verdict.
      if (!(error instanceof InconclusiveError)) throw error;
    });
    const [record] = detector.seen.lines;
    assert.ok(record);
    assert.doesNotMatch(JSON.stringify(record), /s3cr3t/);
    return { verdict: `${record.status} ${record.code}`, detail: record.detail };
  }

  it("48: the right login, with a password and with a token -> trusted", async () => {
    const { basic, bearer, tokens } = registries();
    const arn = await secretOf(LOGIN);

    const byPassword = await verdictOn(basic, arn);
    const byToken = await verdictOn(bearer, arn, tokens.address);

    assert.equal(byPassword.verdict, "trusted signature-valid", byPassword.detail);
    assert.equal(byToken.verdict, "trusted signature-valid", byToken.detail);
  });

  it("48: a login that is refused -> inconclusive registry-access-denied", async () => {
    const { basic, bearer, tokens } = registries();
    const arn = await secretOf({ ...LOGIN, password: "s3cr3t-of-yesterday" });

    const byPassword = await verdictOn(basic, arn);
    const byToken = await verdictOn(bearer, arn, tokens.address);

    assert.equal(byPassword.verdict, "inconclusive registry-access-denied", byPassword.detail);
    assert.equal(byToken.verdict, "inconclusive registry-access-denied", byToken.detail);
  });

  it("48: a secret that cannot be read, or has another form -> inconclusive verifier-misconfigured", async () => {
    const { basic } = registries();
    const deleted = await secretOf(LOGIN);
    await manager().send(new DeleteSecretCommand({ SecretId: deleted, ForceDeleteWithoutRecovery: true }));
    const otherForm = await secretOf({ user: "ci", secret: "s3cr3t" });

    for (const arn of [deleted, otherForm]) {
      const { verdict, detail } = await verdictOn(basic, arn);

      assert.equal(verdict, "inconclusive verifier-misconfigured", detail);
      assert.ok(detail.includes(arn), detail);
    }
  });
});
