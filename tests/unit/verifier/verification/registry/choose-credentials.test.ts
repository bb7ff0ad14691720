import assert from "node:assert/strict";
import type { RegistryCredentials } from "../../../../../verifier/src/notation/protocol";
import { chooseCredentials } from "../../../../../verifier/src/verification/registry/choose-credentials";

const [GIVEN, SECRET, PUBLIC, UNLISTED] = [
  "given.example.com",
  "secret.example.com",
  "public.example.com",
  "evil.example.com",
];
const ECR = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
const login = (username: string): RegistryCredentials => ({ username, password: "s3cr3t" });

describe("credentials on an operator's machine", () => {
  function setUp(fromMachine?: (registry: string) => RegistryCredentials | undefined) {
    const asked: string[] = [];
    const credentialsFor = chooseCredentials({
      trust: { statements: [], registries: [GIVEN, SECRET, PUBLIC, ECR] },
      given: { registry: GIVEN, ...login("given") },
      fromTrust: async (registry) => {
        if (registry === ECR) return login("AWS");
        return registry === SECRET ? login("secret") : undefined;
      },
      fromMachine: async (registry) => {
        asked.push(registry);
        return fromMachine?.(registry);
      },
    });
    return { asked, userAt: async (registry: string) => (await credentialsFor(registry))?.username };
  }

  it("are those given, else the trust document's or ECR's, else the machine's, else none", async () => {
    const { userAt } = setUp(() => login("machine"));

    const found = await Promise.all([GIVEN, SECRET, ECR, PUBLIC].map(userAt));

    assert.deepEqual(found, ["given", "secret", "AWS", "machine"]);
    assert.equal(await setUp().userAt(PUBLIC), undefined);
  });

  it("are looked for on the machine only where the others have none, and for registries of the trust document", async () => {
    const { asked, userAt } = setUp(() => login("machine"));

    for (const registry of [GIVEN, SECRET, ECR, PUBLIC, UNLISTED]) await userAt(registry);

    assert.deepEqual(asked, [PUBLIC]);
    assert.equal(await userAt(UNLISTED), undefined);
  });

  it("are never those of the machine where the trust document's cannot be had", async () => {
    const asked: string[] = [];
    const credentialsFor = chooseCredentials({
      trust: { statements: [], registries: [SECRET] },
      fromTrust: async () => {
        throw new Error("the secret cannot be read");
      },
      fromMachine: async (registry) => {
        asked.push(registry);
        return login("machine");
      },
    });

    await assert.rejects(credentialsFor(SECRET), /cannot be read/);
    assert.deepEqual(asked, []);
  });
});
