import assert from "node:assert/strict";
import {
  AccessDeniedException,
  RevokeSignatureCommand,
  RevokeSigningProfileCommand,
  SignerClient,
  TooManyRequestsException,
  ValidationException,
} from "@aws-sdk/client-signer";
import { mockClient } from "aws-sdk-client-mock";
import { callSigner } from "../../../cli/images/revocation-call";
import { parseJob, parseProfileVersion } from "../../../cli/images/revocation-target";
import type { Revocation } from "../../../cli/images/revocation-text";
import { CommandFailedError } from "../../../cli/lib/errors";

const job: Revocation = { target: parseJob("abc", "eu-west-1"), effectiveTime: undefined, reason: "leaked" };
const version: Revocation = {
  target: parseProfileVersion("arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release/abcdefghij", undefined),
  effectiveTime: new Date("2026-01-02T00:00:00Z"),
  reason: "leaked",
};

describe("the call that revokes", () => {
  const mock = mockClient(SignerClient);
  const call = (revocation: Revocation) => callSigner(new SignerClient({ region: "eu-west-1" }), revocation);

  beforeEach(() => void mock.reset());
  after(() => mock.restore());

  it("names the owner of a job only if it is known", async () => {
    const target = parseJob("arn:aws:signer:eu-west-1:111122223333:/signing-jobs/abc", undefined);

    await call(job);
    await call({ ...job, target });

    const inputs = mock.commandCalls(RevokeSignatureCommand).map(({ args: [command] }) => command.input);
    assert.deepEqual(inputs, [
      { jobId: "abc", reason: "leaked" },
      { jobId: "abc", reason: "leaked", jobOwner: "111122223333" },
    ]);
  });

  it("names version and time of a profile", async () => {
    await call(version);

    const [only] = mock.commandCalls(RevokeSigningProfileCommand).map(({ args: [command] }) => command.input);
    assert.deepEqual(only, {
      profileName: "release",
      profileVersion: "abcdefghij",
      reason: "leaked",
      effectiveTime: new Date("2026-01-02T00:00:00Z"),
    });
  });

  const sdkFields = { $metadata: { httpStatusCode: 400 } };
  const credentials = Object.assign(new Error("Could not load credentials from any providers"), {
    name: "CredentialsProviderError",
  });
  const failures: [string, Revocation, Error, RegExp][] = [
    [
      "no permission",
      job,
      new AccessDeniedException({ message: "", ...sdkFields }),
      /^Revoking signing job abc in eu-west-1 failed: AccessDenied.* These credentials need signer:RevokeSignature\.$/,
    ],
    [
      "no permission for a profile",
      version,
      new AccessDeniedException({ message: "no", ...sdkFields }),
      /need signer:RevokeSigningProfile\.$/,
    ],
    [
      "it is revoked already",
      job,
      new ValidationException({ message: "Job is revoked", ...sdkFields }),
      /ValidationException: Job is revoked\. Nothing was revoked\. It may be revoked already: check with `inspect`\.$/,
    ],
    [
      "too often",
      job,
      new TooManyRequestsException({ message: "slow down", $metadata: { httpStatusCode: 429 } }),
      /Try again in a minute\.$/,
    ],
    ["no credentials", job, credentials, /Log in to AWS again, or set AWS_PROFILE\.$/],
    [
      "text that steers a terminal",
      job,
      new ValidationException({ message: "a\u001b[2Kb", ...sdkFields }),
      /a\\u\{1b\}\[2Kb/,
    ],
  ];
  for (const [what, revocation, error, says] of failures) {
    it(`${what}: one line that says what to do`, async () => {
      mock.rejects(error);

      await assert.rejects(call(revocation), (failure) => {
        assert.ok(failure instanceof CommandFailedError);
        assert.match(failure.message, says);
        assert.doesNotMatch(failure.message, /\n/);
        return true;
      });
    });
  }
});
