import assert from "node:assert/strict";
import fc from "fast-check";
import { IdentityInvalidError, isIdentity, parseIdentity, readIdentity } from "../../../trust/identity";

const prefix = "arn:aws:signer:eu-west-1:444455556666:";
const place = { partition: "aws", region: "eu-west-1", account: "444455556666" };

function findingOf(text: string) {
  const identity = readIdentity(text);
  if (!(identity instanceof IdentityInvalidError)) return assert.fail(`${text} was accepted`);
  return { message: identity.finding.message, fix: identity.finding.fix };
}

describe("parseIdentity", () => {
  for (const [resource, parts] of [
    ["/signing-profiles/release", { kind: "profile", name: "release" }],
    ["/signing-profiles/Release_1/iIDRfnoQ8K", { kind: "profile-version", name: "Release_1", version: "iIDRfnoQ8K" }],
  ] as const) {
    it(`reads ${resource}`, () => {
      assert.deepEqual(parseIdentity(prefix + resource), { ...parts, ...place, arn: prefix + resource });
    });
  }

  it("reads an identity of another partition", () => {
    const identity = parseIdentity("arn:aws-us-gov:signer:us-gov-west-1:444455556666:/signing-profiles/release");
    assert.equal(identity.partition, "aws-us-gov");
  });

  const neverMatches = (resource: string) => `has the resource "${resource}", which never matches a signature`;
  const write = (resource: string) => `Write "${prefix}${resource}".`;
  const version = "has no valid profile version: a version has exactly 10 letters or digits";
  const everyVersion = 'To trust every version, omit it: end the ARN with "/signing-profiles/release".';
  const name = "names no valid signing profile: a name has 2 to 64 letters, digits or underscores";
  const unprintable = "is too long or has white space, a control character or a character outside ASCII";
  const alias =
    "is an alias; it does not fix account and region of the profile that signs, and the Signer plugin does not support aliases";
  const refused: readonly (readonly [string, string, string?])[] = [
    [
      "*",
      "would trust every AWS customer, because all of them sign under the same root certificate, and the Signer plugin rejects it",
      "List the signing profiles that you trust.",
    ],
    [`${prefix}/signing-profiles/*`, "has a wildcard; identities must match exactly", "List each signing profile."],
    [`${prefix}/signing-profile/release`, neverMatches("/signing-profile/release"), write("/signing-profiles/release")],
    [`${prefix}signing-profiles/release`, neverMatches("signing-profiles/release"), write("/signing-profiles/release")],
    [
      `${prefix}/Signing-Profiles/release`,
      neverMatches("/Signing-Profiles/release"),
      write("/signing-profiles/release"),
    ],
    [`${prefix}/aliases/release`, alias, "List the signing profile that it points to."],
    [`${prefix}/aliased-signing-profiles/x`, alias, "List the signing profile that it points to."],
    [`${prefix}/alias/release`, 'has the resource "/alias/release", which is not something that signs'],
    [`${prefix}/signing-jobs/1`, 'has the resource "/signing-jobs/1", which is not something that signs'],
    [`${prefix}/signing-profiles`, name],
    [`${prefix}/signing-profiles/a`, name],
    [`${prefix}/signing-profiles/re-lease`, name],
    [`${prefix}/signing-profiles/release/1`, version, everyVersion],
    [`${prefix}/signing-profiles/release/`, version, everyVersion],
    [`${prefix}/signing-profiles/release/iIDRfnoQ8K/x`, version, everyVersion],
    ["arn:aws:kms:eu-west-1:444455556666:key/1", 'is an ARN of the service "kms", not of AWS Signer'],
    ["release", "is not an ARN"],
    ["", "is not an ARN"],
    ["ARN:aws:signer:eu-west-1:444455556666:/signing-profiles/release", "is not an ARN"],
    ["arn", 'is an ARN of the service "", not of AWS Signer'],
    ["arn:aws:signer::444455556666:/signing-profiles/release", 'has no valid region ("")'],
    ["arn:aws:signer:eu-west-1:4444:/signing-profiles/release", 'has no valid account ("4444"): it has 12 digits'],
    [
      "arn:aws:signer:us-gov-west-1:444455556666:/signing-profiles/release",
      'has the partition "aws", but us-gov-west-1 is a region of aws-us-gov',
      'Start it with "arn:aws-us-gov:signer:us-gov-west-1:".',
    ],
    ["x509.subject: C=US, ST=WA, O=AWS", unprintable],
    [
      "x509.subject:C=US,ST=WA,O=AWS",
      "is the subject of a certificate; AWS Signer's certificates do not identify its customers",
      "Use the ARN of the signing profile.",
    ],
    [` ${prefix}/signing-profiles/release`, unprintable],
    ["a".repeat(2049), unprintable],
  ];
  for (const [text, message, fix] of refused) {
    it(`refuses ${JSON.stringify(text.slice(0, 80))}`, () => {
      assert.deepEqual(findingOf(text), { message, fix });
    });
  }

  it("says in the message what is wrong, what to do and what is allowed", () => {
    assert.throws(() => parseIdentity(`${prefix}/signing-profile/release`), {
      name: "IdentityInvalidError",
      message:
        `"${prefix}/signing-profile/release" has the resource "/signing-profile/release", which never matches a signature. ` +
        `Write "${prefix}/signing-profiles/release". ` +
        'Allowed: "arn:aws:signer:<region>:<account>:/signing-profiles/<name>" for every version of a profile, ' +
        '"...:/signing-profiles/<name>/<version>" for one version.',
    });
  });

  it("is told from all that is none", () => {
    assert.ok(isIdentity(`${prefix}/signing-profiles/release`));
    for (const value of [`${prefix}/signing-profile/release`, "self", "", undefined, 1]) assert.ok(!isIdentity(value));
  });

  it("throws nothing but IdentityInvalidError, whatever the text", () => {
    const near = fc.string({ maxLength: 30 }).map((text) => `${prefix}/${text}`);
    const mixed = fc.array(fc.constantFrom("arn", "aws", "signer", "eu-west-1", "444455556666", ":", "/", "*"));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          near,
          mixed.map((parts) => parts.join("")),
        ),
        (text) => {
          try {
            assert.equal(parseIdentity(text).arn, text);
          } catch (error) {
            assert.ok(error instanceof IdentityInvalidError);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
