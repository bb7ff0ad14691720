import assert from "node:assert/strict";
import { SigningProfile, type SigningProfileArgs } from "../../../components/signing-profile";
import { children, type RunOptions, runProgram } from "./run-program";

function run(args?: SigningProfileArgs, options?: RunOptions) {
  return runProgram(() => {
    const { arn, versionArn } = new SigningProfile("signing", args);
    return { arn, versionArn };
  }, options);
}

const PROFILE = {
  platformId: "Notation-OCI-SHA384-ECDSA",
  namePrefix: "signing_",
  signatureValidityPeriod: { type: "MONTHS", value: 135 },
};

describe("SigningProfile", () => {
  for (const preview of [false, true]) {
    it(`makes one profile for container images, valid as long as AWS Signer allows (preview: ${preview})`, async () => {
      const result = await run({}, { preview });

      assert.deepEqual(children(result), [["signing-profile", "aws:signer/signingProfile:SigningProfile", PROFILE]]);
      assert.equal(result.resources[0]?.type, "ecs-image-verification:components:SigningProfile");
    });
  }

  it("gives the ARN of the profile and of its version", async () => {
    const { outputs } = await run();

    assert.deepEqual(outputs, {
      arn: "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/signing_profile",
      versionArn: "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/signing_profile/Ab3dEf6hIj",
    });
  });

  it("lets other accounts sign, and revoke only where that is said", async () => {
    const signers = [{ account: "444455556666" }, { account: "777788889999", mayRevoke: true }];

    const result = await run({ signers });

    const type = "aws:signer/signingProfilePermission:SigningProfilePermission";
    const permission = (account: string, action: string) => [
      `signing-${account}-${action}`,
      type,
      {
        profileName: "signing_profile",
        action: `signer:${action}`,
        principal: account,
        statementId: `${action}${account}`,
      },
    ];
    assert.deepEqual(children(result), [
      permission("444455556666", "GetSigningProfile"),
      permission("444455556666", "SignPayload"),
      permission("777788889999", "GetSigningProfile"),
      permission("777788889999", "RevokeSignature"),
      permission("777788889999", "SignPayload"),
      ["signing-profile", "aws:signer/signingProfile:SigningProfile", PROFILE],
    ]);
  });

  it("refuses another validity than the profile has, with what to do", async () => {
    const present = { name: "release_1", signatureValidityPeriod: { type: "MONTHS", value: 12 }, arn: "arn:profile" };
    const states = { "aws:signer/signingProfile:SigningProfile": present };

    assert.equal((await run({ validityMonths: 12 }, { states })).outputs.arn, "arn:profile");
    await assert.rejects(run({ validityMonths: 24 }, { states }), {
      name: "ProfileReplacementError",
      message:
        /profile release_1 are valid for 12 months.*change to 24.*validityMonths to 12 again.*docs\/rotation\.md/,
    });
  });

  it("makes nothing when a profile is there already", async () => {
    const existingArn = "arn:aws:signer:eu-west-1:444455556666:/signing-profiles/release";

    const result = await run({ existingArn, signers: [{ account: "444455556666" }] });

    assert.deepEqual(children(result), []);
    assert.deepEqual(result.outputs, { arn: existingArn });
  });
});
