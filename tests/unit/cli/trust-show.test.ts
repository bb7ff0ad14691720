import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { awsRoots } from "../../../cli/images/trust-store";
import { knownTrust, type PlacedTrust, placeTrust, whollyKnown } from "../../../cli/trust/resolve";
import { trustShowText } from "../../../cli/trust/show-text";
import { trustView } from "../../../cli/trust/view";
import { notationTrustPolicy } from "../../../trust";
import { FixableError } from "../../../trust/text/fixable-error";
import {
  account,
  digest,
  document,
  exemption,
  now,
  ownProfile,
  ownRegistry,
  region,
  release,
  statement,
} from "../trust/documents";

const place = { account, region };
/** No AWS_REGION. */
const alone = { environment: {}, now };
const selfSigned = document({ statements: [statement({ identities: ["self", release] })] });

describe("placeTrust", () => {
  it("puts account, region and signing profile in the place of `self`", () => {
    const { trust, unknown } = placeTrust(file(selfSigned), { ...place, signingProfile: ownProfile }, alone);

    assert.equal(trust.registries[0], ownRegistry);
    assert.deepEqual(trust.statements[0]?.identities, [ownProfile, release]);
    assert.equal(unknown.size, 0);
  });

  it("needs nothing but the file where nothing depends on the place", () => {
    const { account: known, trust } = placeTrust(file(document({ registries: ["registry.example.com"] })), {}, alone);

    assert.equal(known, undefined);
    assert.equal(trust.region, "eu-west-1");
  });

  it("leaves unknown what only the deployed stacks have", () => {
    const trust = { registries: ["self"], statements: [statement({ identities: ["self", "stack:signing", release] })] };

    const placed = placeTrust(stackFile({ trust }), { account }, alone);

    assert.deepEqual([...placed.unknown.values()], ["self", "stack:signing"]);
    assert.deepEqual(knownTrust(placed).statements[0]?.identities, [release]);
    assert.throws(() => whollyKnown(placed), {
      name: "UsageError",
      message:
        /self: give it with --signing-profile ARN;.*\n.*stack:signing: give it with --stack-profile stack:signing=ARN/,
    });
  });

  it("takes the profiles of other stacks from its options, and the stack's own from its file", () => {
    const trust = { registries: ["self"], statements: [statement({ identities: ["self", "stack:signing"] })] };
    const given = { account, stackProfile: new Map([["stack:signing", release]]) };

    const placed = placeTrust(stackFile({ trust, signingProfile: { arn: ownProfile } }), given, alone);

    assert.deepEqual(whollyKnown(placed).statements[0]?.identities, [ownProfile, release]);
  });

  it("has the account from the clusters", () => {
    const clusters = [`arn:aws:ecs:${region}:${account}:cluster/web`];

    assert.equal(placeTrust(stackFile({ clusters }), {}, alone).account, account);
  });

  const refused: readonly (readonly [string, () => PlacedTrust, RegExp])[] = [
    ["a document with problems", () => placeTrust(file({}), place, alone), /^trust.yaml has 2 problems/],
    [
      "no account for `self`",
      () => placeTrust(file(selfSigned), { region }, alone),
      /trust.yaml says `self`.*--account/,
    ],
    ["no region", () => placeTrust(file(selfSigned), { account }, alone), /--region/],
    ["no account for a stack", () => placeTrust(stackFile({}), {}, alone), /Pulumi.dev.yaml says `self`.*--account/],
    [
      "a stack with problems",
      () => placeTrust(stackFile({ mode: "x" }), { account }, alone),
      /mode: "x" must be "audit"/,
    ],
    [
      "a profile for a stack that is not named",
      () => placeTrust(stackFile({}), { account, stackProfile: new Map([["stack:sining", release]]) }, alone),
      /stack:sining: Pulumi.dev.yaml has no such identity. It names no stack/,
    ],
    [
      "a profile for a stack beside a trust document",
      () => placeTrust(file(selfSigned), { ...place, stackProfile: new Map([["stack:a", release]]) }, alone),
      /has no such identity/,
    ],
  ];
  for (const [what, action, message] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(action, (error: Error) => {
        assert.ok(error instanceof FixableError && error.fault === "input");
        assert.match(error.message, message);
        return true;
      });
    });
  }
});

describe("trust show", () => {
  it("has everything that follows from a trust document", async () => {
    const fields = { exemptions: [exemption({ expires: "2026-07-15" })] };
    const source = file(document({ statements: [statement({ repositories: ["self/app"] })], ...fields }));
    const placed = placeTrust(source, place, alone);

    const view = trustView(source, placed, await awsRoots("aws"), now);

    assert.deepEqual(
      {
        ...view,
        trustStore: { ...view.trustStore, roots: view.trustStore.roots.map(({ sha256 }) => sha256.slice(0, 8)) },
      },
      {
        file: "trust.yaml",
        kind: "trust-document",
        stack: null,
        account,
        region,
        partition: "aws",
        unknown: [],
        registries: [
          { host: ownRegistry, ecr: { account, region }, self: true, login: null },
          { host: "registry.example.com", ecr: null, self: false, login: null },
        ],
        statements: [
          {
            name: "release",
            repositories: [`${ownRegistry}/app`],
            identities: [{ identity: release, arn: release, kind: "profile" }],
            require: null,
            signaturesFrom: null,
            signedAfter: null,
            maxAgeDays: null,
          },
        ],
        exemptions: [
          {
            image: `public.ecr.aws/vendor/agent@${digest}`,
            owner: "platform-team",
            reason: "vendor image, not signed by us",
            expires: "2026-07-15",
            daysLeft: 30,
          },
        ],
        notationTrustPolicy: notationTrustPolicy(placed.trust),
        trustStore: { type: "signingAuthority", name: "aws-signer-ts", roots: ["90:A8:7D"] },
        ecrRepositories: [`arn:aws:ecr:${region}:${account}:repository/app`],
        iam: view.iam,
        launches: null,
      },
    );
    assert.deepEqual(
      view.iam.map(({ Sid }) => Sid),
      ["GetRegistryCredentials", "ReadSignatures", "AskRevocation", "TellAddedContainers"],
    );
  });

  it("has the clusters and what may be done there of a stack that enforces", async () => {
    const clusters = [`arn:aws:ecs:${region}:${account}:cluster/web`];
    const source = stackFile({ mode: "enforce", clusters });

    const view = trustView(source, placeTrust(source, {}, alone), [], now);

    assert.deepEqual(view.launches, { mode: "enforce", clusters });
    assert.deepEqual(view.iam.find(({ Sid }) => Sid === "StopAndRollBack")?.Condition, {
      ArnEquals: { "ecs:cluster": clusters },
    });
    assert.match(trustShowText(view), /StopAndRollBack[\s\S]*clusters +arn:aws:ecs:\S+:cluster\/web/);
  });

  it("has no trust policy and no made-up ARN while an identity is unknown", async () => {
    const source = file(document({ statements: [statement({ identities: ["self"] })] }));

    const view = trustView(source, placeTrust(source, place, alone), await awsRoots("aws"), now);

    assert.equal(view.notationTrustPolicy, null);
    assert.deepEqual(view.statements[0]?.identities, [{ identity: "self", arn: null, kind: null }]);
    for (const text of [JSON.stringify(view), trustShowText(view)]) assert.doesNotMatch(text, /not_known/);
    assert.match(trustShowText(view), /not complete before these are known:\n {4}self: give it with --signing-profile/);
  });

  it("names a registry's login by its secret", () => {
    const credentials = `arn:aws:secretsmanager:${region}:${account}:secret:hub-a1B2c3`;
    const hub = { host: "docker.io", credentials, tokenServer: "auth.docker.io" };
    const source = file(document({ registries: ["public.ecr.aws", { host: "ghcr.io", credentials }, hub] }));

    const text = trustShowText(trustView(source, placeTrust(source, {}, alone), [], now));

    assert.ok(
      stripVTControlCharacters(text).includes(`Registries
  public.ecr.aws  asked without a login
  ghcr.io         login in ${credentials}
  docker.io       login in ${credentials}, tokens from auth.docker.io
`),
      text,
    );
    assert.match(text, /ReadRegistryLogins/);
  });

  it("shows sections with values below each other", async () => {
    const source = stackFile({});
    const view = trustView(source, placeTrust(source, { account, signingProfile: ownProfile }, alone), [], now);

    const text = stripVTControlCharacters(trustShowText(view));

    assert.ok(
      text.startsWith(`File     Pulumi.dev.yaml
Stack    dev
Account  ${account}
Region   eu-west-1 (partition aws)

Registries
  ${ownRegistry}  ECR of account ${account} in eu-west-1 (self)

Statements
  release
    repositories  "*": every other repository of these registries
    identities    ${release} (any version)

Exemptions
  none

Notation trust policy (trustpolicy.json)
  {
`),
      text,
    );
    assert.ok(
      text.endsWith(`
Launches
  mode      audit: nothing is stopped
  clusters  every cluster of the account ${account} in eu-west-1`),
      text,
    );
  });
});

function file(value: unknown) {
  return { kind: "trust-document", file: "trust.yaml", value } as const;
}

function stackFile(values: Readonly<Record<string, unknown>>) {
  const own = Object.entries({ mode: "audit", trust: { registries: ["self"], statements: [statement()] }, ...values });
  const config = Object.fromEntries(own.map(([key, value]) => [`ecs-image-verification:${key}`, value]));
  return {
    kind: "stack",
    file: "Pulumi.dev.yaml",
    stack: "dev",
    value: { config: { "aws:region": region, ...config } },
  } as const;
}
