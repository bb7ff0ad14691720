import assert from "node:assert/strict";
import { ECRClient, ECRServiceException, GetAuthorizationTokenCommand } from "@aws-sdk/client-ecr";
import { mockClient } from "aws-sdk-client-mock";
import {
  ecrCredentials,
  RENEW_BEFORE_END_MS,
  RegistryCredentialsError,
} from "../../../../../verifier/src/verification/registry/ecr-credentials";

const IRELAND = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
const IRELAND_OTHER_ACCOUNT = "444455556666.dkr.ecr.eu-west-1.amazonaws.com";
const VIRGINIA = "111122223333.dkr.ecr.us-east-1.amazonaws.com";
const HOURS = 3_600_000;
const START = Date.parse("2026-03-02T08:00:00Z");

function tokenAnswer(password: string, expiresAt: number) {
  return {
    authorizationData: [
      { authorizationToken: Buffer.from(`AWS:${password}`).toString("base64"), expiresAt: new Date(expiresAt) },
    ],
  };
}

function awsError(name: string, httpStatusCode: number, message = "said no"): ECRServiceException {
  return new ECRServiceException({ name, $fault: "client", $metadata: { httpStatusCode }, message });
}

describe("ecrCredentials", () => {
  const ecr = mockClient(ECRClient);
  beforeEach(() => ecr.reset());
  after(() => ecr.restore());

  function setUp() {
    const clock = { time: START };
    const regions: string[] = [];
    const credentialsFor = ecrCredentials({
      registries: [IRELAND, IRELAND_OTHER_ACCOUNT, VIRGINIA],
      clientFor: (region) => {
        regions.push(region);
        return new ECRClient({ region });
      },
      now: () => clock.time,
    });
    return { clock, regions, credentialsFor };
  }

  it("decodes the token of the region that the host names", async () => {
    ecr.on(GetAuthorizationTokenCommand).resolves(tokenAnswer("pass:word", START + 12 * HOURS));
    const { credentialsFor, regions } = setUp();

    const credentials = await credentialsFor(VIRGINIA);

    assert.deepEqual(credentials, { username: "AWS", password: "pass:word" });
    assert.deepEqual(regions, ["us-east-1"]);
  });

  for (const host of ["docker.io", "public.ecr.aws", "localhost:5000", `${IRELAND}.example.com`, `${IRELAND}:443`]) {
    it(`gives nothing for ${host}, which is not an ECR host`, async () => {
      assert.equal(await setUp().credentialsFor(host), undefined);
      assert.equal(ecr.calls().length, 0);
    });
  }

  it("refuses an ECR host that the trust document does not list, without asking for a token", async () => {
    const host = "999999999999.dkr.ecr.eu-west-1.amazonaws.com";

    await assert.rejects(setUp().credentialsFor(host), {
      name: "RegistryCredentialsError",
      code: "registry-not-allowed",
      message: `No credentials for the registry ${host}: it is not among the ECR registries of the trust document (${IRELAND}, ${IRELAND_OTHER_ACCOUNT}, ${VIRGINIA}). Add it there if its images are to be trusted.`,
    });
    assert.equal(ecr.calls().length, 0);
  });

  it("asks once for a thousand callers at the same time", async () => {
    ecr.on(GetAuthorizationTokenCommand).callsFake(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return tokenAnswer("shared", START + 12 * HOURS);
    });
    const { credentialsFor } = setUp();

    const answers = await Promise.all(Array.from({ length: 1000 }, () => credentialsFor(IRELAND)));

    assert.ok(answers.every((credentials) => credentials?.password === "shared"));
    assert.equal(ecr.calls().length, 1);
  });

  it("uses one token for all accounts of a region, and another for each other region", async () => {
    ecr.on(GetAuthorizationTokenCommand).resolves(tokenAnswer("p", START + 12 * HOURS));
    const { credentialsFor, regions } = setUp();

    for (const host of [IRELAND, IRELAND_OTHER_ACCOUNT, VIRGINIA, IRELAND]) await credentialsFor(host);

    assert.deepEqual(regions, ["eu-west-1", "us-east-1"]);
  });

  it("keeps a token until the renewal time before its end, and not longer", async () => {
    const end = START + 12 * HOURS;
    ecr.on(GetAuthorizationTokenCommand).resolvesOnce(tokenAnswer("first", end));
    const { clock, credentialsFor } = setUp();
    await credentialsFor(IRELAND);
    ecr.on(GetAuthorizationTokenCommand).resolves(tokenAnswer("second", end + 12 * HOURS));

    clock.time = end - RENEW_BEFORE_END_MS - 1;
    const before = await credentialsFor(IRELAND);
    clock.time = end - RENEW_BEFORE_END_MS;
    const after = await credentialsFor(IRELAND);

    assert.deepEqual([before?.password, after?.password], ["first", "second"]);
  });

  it("goes on with a token that has not ended while it cannot be renewed, and not longer", async () => {
    const end = START + 12 * HOURS;
    ecr
      .on(GetAuthorizationTokenCommand)
      .resolvesOnce(tokenAnswer("first", end))
      .rejects(awsError("ServerException", 500));
    const { clock, credentialsFor } = setUp();
    await credentialsFor(IRELAND);

    clock.time = end - 1;
    const late = await credentialsFor(IRELAND);
    clock.time = end;

    assert.equal(late?.password, "first");
    await assert.rejects(credentialsFor(IRELAND), { code: "registry-unavailable" });
  });

  it("does not remember a failure", async () => {
    ecr
      .on(GetAuthorizationTokenCommand)
      .rejectsOnce(awsError("ServerException", 500))
      .resolves(tokenAnswer("second", START + 12 * HOURS));
    const { credentialsFor } = setUp();

    const failures = await Promise.allSettled([credentialsFor(IRELAND), credentialsFor(IRELAND)]);
    const credentials = await credentialsFor(IRELAND);

    assert.deepEqual(
      failures.map(({ status }) => status),
      ["rejected", "rejected"],
    );
    assert.equal(credentials?.password, "second");
    assert.equal(ecr.calls().length, 2);
  });

  const failures: [string, Error, string][] = [
    ["no permission", awsError("AccessDeniedException", 400), "registry-access-denied"],
    ["an ended session", awsError("ExpiredTokenException", 403), "registry-access-denied"],
    [
      "no AWS credentials",
      Object.assign(new Error("none"), { name: "CredentialsProviderError" }),
      "registry-access-denied",
    ],
    ["throttling", awsError("ThrottlingException", 400), "registry-unavailable"],
    ["too many requests", awsError("Whatever", 429), "registry-unavailable"],
    ["a fault of AWS", awsError("ServerException", 503), "registry-unavailable"],
    [
      "no connection",
      Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }),
      "registry-unavailable",
    ],
  ];
  for (const [what, error, code] of failures) {
    it(`gives ${code} for ${what}, with the cause`, async () => {
      ecr.on(GetAuthorizationTokenCommand).rejects(error);

      await assert.rejects(setUp().credentialsFor(IRELAND), (thrown) => {
        assert.ok(thrown instanceof RegistryCredentialsError);
        assert.equal(thrown.code, code);
        assert.equal(thrown.cause, error);
        return true;
      });
    });
  }

  it("says who refused and which permission is needed", async () => {
    ecr.on(GetAuthorizationTokenCommand).rejects(awsError("AccessDeniedException", 400, "User is not authorized"));

    await assert.rejects(setUp().credentialsFor(IRELAND), {
      message: `No credentials for the ECR registries of eu-west-1: GetAuthorizationToken failed with AccessDeniedException: User is not authorized. AWS credentials are needed whose role allows ecr:GetAuthorizationToken.`,
    });
  });

  it("keeps out of its message what AWS repeats of a wrongly signed request", async () => {
    const message = "The request signature does not match.\n\nThe Canonical String was\nx-amz-security-token:SECRET";
    ecr.on(GetAuthorizationTokenCommand).rejects(awsError("InvalidSignatureException", 403, message));

    await assert.rejects(setUp().credentialsFor(IRELAND), (error: Error) => !error.message.includes("SECRET"));
  });

  const unusable: [string, object][] = [
    ["no data", {}],
    ["no token", { authorizationData: [{ expiresAt: new Date(START) }] }],
    ["a token without its end", { authorizationData: [{ authorizationToken: "QVdTOnNlY3JldA==" }] }],
    [
      "a token of another form",
      { authorizationData: [{ authorizationToken: "c2VjcmV0", expiresAt: new Date(START) }] },
    ],
  ];
  for (const [what, answer] of unusable) {
    it(`does not take ${what} for credentials, nor shows it`, async () => {
      ecr.on(GetAuthorizationTokenCommand).resolves(answer);

      await assert.rejects(setUp().credentialsFor(IRELAND), (error) => {
        assert.ok(error instanceof RegistryCredentialsError);
        assert.equal(error.code, "registry-unavailable");
        assert.doesNotMatch(error.message, /secret|c2VjcmV0|QVdTOnNlY3JldA/);
        return true;
      });
    });
  }
});
