import assert from "node:assert/strict";
import { parse } from "yaml";
import type { SignedImage } from "../../../../cli/scan/read-signers";
import { suggestTrust } from "../../../../cli/scan/suggest-trust";
import { checkDocument } from "../../../../cli/trust/check-document";
import { ACCOUNT, ECR, OTHER, signedBy, signedImage } from "./signed-images";

const NOW = new Date("2026-11-27T00:00:00Z");
const arn = (name: string, account = ACCOUNT) => `arn:aws:signer:eu-west-1:${account}:/signing-profiles/${name}`;

function suggest(images: readonly SignedImage[], accounts = [ACCOUNT]): string {
  const text = suggestTrust(images, { accounts, regions: ["eu-west-1"], now: NOW });
  assert.ok(text !== undefined);
  const { problems, warnings } = checkDocument(parse(text), { account: undefined, region: undefined, now: NOW });
  assert.deepEqual([problems, warnings], [[], []], text);
  return text;
}

describe("the trust document that a scan suggests", () => {
  it("has exact repositories, and those with the same signers in one statement", () => {
    const text = suggest([
      signedImage(`${ECR}/web:v1`, [signedBy("release")]),
      signedImage(`${ECR}/api:v1`, [signedBy("release")]),
      signedImage(`${ECR}/api:v2`, [signedBy("release")]),
      signedImage(`${ECR}/pay:v1`, [signedBy("release"), signedBy("approval")]),
    ]);

    assert.deepEqual(parse(text), {
      registries: [ECR],
      statements: [
        { name: "release", repositories: [`${ECR}/api`, `${ECR}/web`], identities: [arn("release")] },
        { name: "release-approval", repositories: [`${ECR}/pay`], identities: [arn("release"), arn("approval")] },
      ],
    });
    assert.match(text, /api" # 2 signed images running\n/);
    assert.match(text, /release" # signs 4 running images\n/);
  });

  it("leaves out what is revoked, expired or unknown, and says so", () => {
    const text = suggest([
      signedImage(`${ECR}/web`, [signedBy("release")]),
      signedImage(`${ECR}/old`, [signedBy("retired", "revoked"), signedBy("late", "expired")]),
      signedImage(`${ECR}/open`, [signedBy("release", "unknown")]),
    ]);

    const { statements } = parse(text);
    assert.deepEqual(statements.length, 1);
    assert.deepEqual(statements[0].repositories, [`${ECR}/web`]);
    assert.match(text, /release" # signs 1 running image, 1 whose revocation is unknown\n/);
    assert.match(text, /\n# +arn:\S+\/retired: signs 0 running images, 1 revoked\n/);
  });

  it("never trusts a profile of another account, however much it signs, unless the account is named", () => {
    const images = [
      signedImage(`${ECR}/web`, [signedBy("release"), signedBy("release", "valid", OTHER)]),
      signedImage(`${ECR}/api`, [signedBy("release", "valid", OTHER)]),
    ];

    const text = suggest(images);
    const named = suggest(images, [ACCOUNT, OTHER]);

    assert.doesNotMatch(JSON.stringify(parse(text)), new RegExp(OTHER));
    assert.match(text, new RegExp(`# UNKNOWN SIGNER: [^]*\n#   ${arn("release", OTHER)}: signs 2 running images\n`));
    assert.match(text, /api@sha256:\S+" # 1 container, signed by an UNKNOWN SIGNER\n/);
    assert.deepEqual(
      parse(named).statements.map(({ name }: { name: string }) => name),
      ["release-release", "release"],
    );
    assert.doesNotMatch(named, /UNKNOWN/);
  });

  it("believes nothing that an invalid signature says", () => {
    const { profile, ...signature } = signedBy("release", "invalid");
    assert.equal(profile?.account, ACCOUNT);

    const images = [signedImage(`${ECR}/web`, [signature, signedBy("release", "invalid")])];

    assert.equal(suggestTrust(images, { accounts: [ACCOUNT], regions: [], now: NOW }), undefined);
  });

  it("lists each name of a registry, and a repository once", () => {
    const dualStack = `${ACCOUNT}.dkr-ecr.eu-west-1.on.aws`;

    const text = suggest([
      signedImage(`${ECR}/web`, [signedBy("release")]),
      signedImage(`${dualStack}/web`, [signedBy("approval")]),
    ]);

    assert.deepEqual(parse(text), {
      registries: [dualStack, ECR],
      statements: [
        { name: "approval-release", repositories: [`${ECR}/web`], identities: [arn("approval"), arn("release")] },
      ],
    });
  });

  it("has exemptions that somebody must fill in, and is refused until then", () => {
    const unsigned = signedImage("nginx:1.27");
    const text = suggest([signedImage(`${ECR}/web`, [signedBy("release")]), unsigned]);

    const uncommented = text.slice(text.indexOf("# exemptions:")).replace(/^# ?/gm, "");
    const whole = parse(`${text.slice(0, text.indexOf("\n# What runs without"))}\n${uncommented}`);

    assert.deepEqual(whole.exemptions, [
      { image: `docker.io/library/nginx@${unsigned.digest}`, owner: "", reason: "", expires: "" },
    ]);
    const { problems } = checkDocument(whole, { account: undefined, region: undefined, now: NOW });
    assert.deepEqual(
      problems.map(({ path }) => path),
      ["exemptions[0].owner", "exemptions[0].reason", "exemptions[0].expires"],
    );
  });

  it("keeps in comments what others have written, on one line", () => {
    const text = suggest([
      signedImage(`${ECR}/web`, [signedBy("release")]),
      signedImage("x\nregistries: [evil]\u001b[2J", []),
      signedImage(`${ECR}/lost`, [], { problem: "refused\nstatements: []\u2028owner" }),
    ]);

    assert.deepEqual(Object.keys(parse(text)), ["registries", "statements"]);
    assert.ok(![...text].some((character) => (character < " " && character !== "\n") || character > "~"));
    assert.match(
      text,
      /\n# {3}\(x\\nregistries: \[evil\]\\u\{1b\}\[2J: its digest is not known: 1 container, unsigned\)\n/,
    );
    assert.match(text, /\/lost@\S+ # 1 container, unknown: refused\\nstatements: \[\]\\u\{2028\}owner\n/);
  });
});
