import assert from "node:assert/strict";
import type {
  RegistryCredentials,
  VerificationFacts,
  VerificationRequest,
} from "../../../../verifier/src/notation/protocol";
import { RegistryCredentialsError } from "../../../../verifier/src/verification/registry/ecr-credentials";
import { digest } from "../../trust/documents";
import { factsOf, failedWith, valid } from "./facts";
import { judgeWith, subject } from "./judging";

const OLD: RegistryCredentials = { username: "ci", password: "old", tokenServer: "auth.example.com" };
const NEW: RegistryCredentials = { ...OLD, password: "new" };
const refusedLogin = failedWith({ stage: "resolve", kind: "access-denied", detail: "the login is refused" });
const IMAGE = `registry.example.com/app@${digest}`;

/** A registry that takes the login NEW only. */
function judgeAt(credentialsFor: (refused?: RegistryCredentials) => Promise<RegistryCredentials | undefined>) {
  const requests: VerificationRequest[] = [];
  const answers = async (request: VerificationRequest): Promise<VerificationFacts> => {
    requests.push(request);
    const isTaken = request.credentials?.password === NEW.password;
    return isTaken ? factsOf({ digest, outcome: "verified", signatures: [valid] }) : refusedLogin;
  };
  const { judge } = judgeWith({
    notation: { verify: answers },
    credentialsFor: (_, refused) => credentialsFor(refused),
  });
  return { verdict: () => judge(subject(IMAGE, "reference", digest)), requests };
}

describe("the judge, with a login that the registry refuses", () => {
  it("verifies once more with the login that is there by now", async () => {
    const { verdict, requests } = judgeAt(async (refused) => (refused === undefined ? OLD : NEW));

    const { code } = await verdict();

    assert.equal(code, "signature-valid");
    assert.deepEqual(
      requests.map(({ credentials }) => credentials),
      [OLD, NEW],
    );
  });

  it("does not ask twice with the same login", async () => {
    const { verdict, requests } = judgeAt(async () => ({ ...OLD }));

    const { status, code } = await verdict();

    assert.deepEqual([status, code, requests.length], ["inconclusive", "registry-access-denied", 1]);
  });

  it("does not ask a third time", async () => {
    let number = 0;
    const { verdict, requests } = judgeAt(async () => {
      number += 1;
      return { ...OLD, password: `wrong-${number}` };
    });

    const { code } = await verdict();

    assert.deepEqual([code, requests.length], ["registry-access-denied", 2]);
  });

  it("looks for no other login where none was sent", async () => {
    const asked: unknown[] = [];
    const { verdict } = judgeAt(async (refused) => {
      asked.push(refused);
      return undefined;
    });

    await verdict();

    assert.deepEqual(asked, [undefined]);
  });

  it("says why the login cannot be read", async () => {
    const { verdict, requests } = judgeAt(() =>
      Promise.reject(new RegistryCredentialsError("it", "verifier-misconfigured", "no such secret")),
    );

    const { status, code, detail } = await verdict();

    assert.deepEqual([status, code, requests.length], ["inconclusive", "verifier-misconfigured", 0]);
    assert.equal(detail, "No credentials for it: no such secret");
  });
});
