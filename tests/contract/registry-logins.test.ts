import assert from "node:assert/strict";
import { ECRClient } from "@aws-sdk/client-ecr";
import {
  GetSecretValueCommand,
  SecretsManagerClient,
  SecretsManagerServiceException,
} from "@aws-sdk/client-secrets-manager";
import { mockClient } from "aws-sdk-client-mock";
import { answer, challengeBearer, only, requireBasic } from "../../local/registry-proxy";
import type { RegistryLogin } from "../../trust";
import { registryCredentials } from "../../verifier/src/verification/registry/registry-credentials";
import { referenceSubject } from "../../verifier/src/verification/subject";
import type { Verdict } from "../../verifier/src/verification/verdict";
import { judgeImages } from "./support/judge-images";
import { useRegistryProxy } from "./support/registry-proxy";
import { useScene } from "./support/scene";

const SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:registries/private-a1B2c3";
const LOGIN = { username: "ci", password: "s3cr3t" };

describe("contract: a registry with a login from Secrets Manager", () => {
  const scene = useScene();
  const proxy = useRegistryProxy(scene);
  const manager = mockClient(SecretsManagerClient);
  beforeEach(() => manager.reset());
  after(() => manager.restore());

  const secret = (login: object) => ({ SecretString: JSON.stringify(login) });

  /** The verdict on a signed image of the proxy's, with everything real from the judge to the registry. */
  async function verdictOnSigned(login: Partial<RegistryLogin> = {}): Promise<Verdict> {
    const image = await scene().image();
    await scene().sign(image);
    const host = proxy().address;
    const trust = { ...scene().trust(), registries: [host], logins: [{ host, credentials: SECRET, ...login }] };
    const judge = judgeImages(scene().verifiers, trust, {
      credentialsFor: registryCredentials({
        trust,
        ecr: (region) => new ECRClient({ region }),
        secrets: (region) => new SecretsManagerClient({ region }),
        now: Date.now,
      }),
      deadlineMs: 10_000,
    });
    return judge(referenceSubject(proxy.referenceOf(image)));
  }

  function assertVerdict({ status, code, detail }: Verdict, expected: string): void {
    assert.equal(`${status} ${code}`, expected, detail);
    assert.doesNotMatch(detail, /s3cr3t/);
  }

  it("48a: the right login -> trusted", async () => {
    manager.on(GetSecretValueCommand, { SecretId: SECRET }).resolves(secret(LOGIN));
    proxy().behave(requireBasic(LOGIN));

    assertVerdict(await verdictOnSigned(), "trusted signature-valid");
  });

  it("48b: the right login, at the token server that the trust document names -> trusted", async () => {
    manager.on(GetSecretValueCommand, { SecretId: SECRET }).resolves(secret(LOGIN));
    const tokenServer = proxy().blobAddress;
    const token = only({ origin: "blobs", path: /^\/token/ }, answer(200, { body: JSON.stringify({ token: "t" }) }));
    proxy().behave(token, challengeBearer({ realm: `http://${tokenServer}/token` }));

    assertVerdict(await verdictOnSigned({ tokenServer }), "trusted signature-valid");
  });

  it("48c: a login that the registry refuses -> inconclusive registry-access-denied, the secret read twice", async () => {
    manager.on(GetSecretValueCommand).resolves(secret({ ...LOGIN, password: "s3cr3t-of-yesterday" }));
    proxy().behave(requireBasic(LOGIN));

    assertVerdict(await verdictOnSigned(), "inconclusive registry-access-denied");
    assert.equal(manager.calls().length, 2);
  });

  it("48d: a secret that was rotated since it was read -> trusted", async () => {
    manager
      .on(GetSecretValueCommand)
      .resolvesOnce(secret({ ...LOGIN, password: "s3cr3t-of-yesterday" }))
      .resolves(secret(LOGIN));
    proxy().behave(requireBasic(LOGIN));

    assertVerdict(await verdictOnSigned(), "trusted signature-valid");
  });

  it("48e: a secret that cannot be read -> inconclusive verifier-misconfigured, the registry is never contacted", async () => {
    const name = "AccessDeniedException";
    const refusal = { name, $fault: "client", $metadata: { httpStatusCode: 400 }, message: "no" } as const;
    manager.on(GetSecretValueCommand).rejects(new SecretsManagerServiceException(refusal));
    const requestsBefore = proxy().requests.length;

    const verdict = await verdictOnSigned();

    assertVerdict(verdict, "inconclusive verifier-misconfigured");
    assert.ok(verdict.detail.includes(SECRET) && verdict.detail.includes(name), verdict.detail);
    assert.equal(proxy().requests.length, requestsBefore);
  });
});
