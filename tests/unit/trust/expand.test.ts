import assert from "node:assert/strict";
import { expandTrustDocument, parseTrustDocument, type TrustEnvironment } from "../../../trust";
import {
  account,
  digest,
  document,
  exemption,
  now,
  ownProfile,
  ownRegistry,
  problemsOf,
  region,
  release,
  statement,
} from "./documents";
import { resolve } from "./resolved";

function expand(fields: Record<string, unknown>, environment: Partial<TrustEnvironment> = {}) {
  return expandTrustDocument(parseTrustDocument(document(fields), { now }), { account, region, ...environment });
}

describe("expandTrustDocument", () => {
  it("puts this account's registry and this stack's profile in the place of self, wherever it stands", () => {
    const statements = [statement({ repositories: ["self/team/app"], identities: ["self", release] })];
    const exemptions = [exemption({ image: `self/vendor@${digest}` })];
    assert.deepEqual(resolve({ statements, exemptions }), {
      partition: "aws",
      account,
      region,
      registries: [ownRegistry, "registry.example.com"],
      logins: [],
      statements: [statement({ repositories: [`${ownRegistry}/team/app`], identities: [ownProfile, release] })],
      exemptions: [exemption({ image: `${ownRegistry}/vendor@${digest}` })],
    });
  });

  it("lists each registry and each identity once", () => {
    const { registries, statements } = resolve({
      registries: ["self", ownRegistry, "self"],
      statements: [statement({ identities: ["self", ownProfile, ownProfile] })],
    });
    assert.deepEqual(registries, [ownRegistry]);
    assert.deepEqual(statements[0]?.identities, [ownProfile]);
  });

  it("changes nothing when it is expanded again, even after a journey through JSON", () => {
    const resolved = resolve({ statements: [statement({ identities: ["self"] })], exemptions: [exemption()] });
    const { registries, statements, exemptions } = JSON.parse(JSON.stringify(resolved));
    const again = parseTrustDocument({ registries, statements, exemptions }, { now });
    assert.deepEqual(expandTrustDocument(again, { account, region }), resolved);
  });

  it("needs no signing profile when no statement says self", () => {
    assert.doesNotThrow(() => expand({}));
  });

  it("says what to give when a statement says self and there is no signing profile", () => {
    assert.throws(() => expand({ statements: [statement({ identities: ["self"] })] }), {
      name: "TrustDocumentError",
      message: `The trust document for account "111122223333" in "eu-west-1" has one problem.

statements[0].identities[0]: "self" stands for the signing profile of this stack, and none was given.
  Fix: Set signingProfileArn, or write the ARN of a signing profile here.`,
    });
  });

  it("refuses identities of another partition", () => {
    const identity = "arn:aws-us-gov:signer:us-gov-west-1:444455556666:/signing-profiles/release";
    const statements = [statement({ identities: [release, identity] })];
    assert.deepEqual(
      problemsOf(() => expand({ statements })),
      [
        {
          path: "statements[0].identities[1]",
          value: identity,
          message:
            "is in the partition aws-us-gov, but this environment is in aws; signatures are not valid across partitions",
          allowed: 'signing profiles whose ARN begins with "arn:aws:signer:"',
          fix: "Sign with a profile in aws, and list that one.",
        },
      ],
    );
  });

  it("refuses a signing profile of another partition where the statement says self", () => {
    const signingProfileArn = "arn:aws-us-gov:signer:us-gov-west-1:111122223333:/signing-profiles/own";
    const problems = problemsOf(() =>
      expand({ statements: [statement({ identities: ["self"] })] }, { signingProfileArn }),
    );
    assert.deepEqual(
      problems.map(({ path, value }) => [path, value]),
      [["statements[0].identities[0]", "self"]],
    );
  });

  it("refuses ECR registries of another partition", () => {
    const registry = "111122223333.dkr.ecr.us-gov-west-1.amazonaws.com";
    assert.deepEqual(
      problemsOf(() => expand({ registries: ["self", registry] })),
      [
        {
          path: "registries[1]",
          value: registry,
          message:
            "is in the partition aws-us-gov, but this environment is in aws; AWS credentials are not valid across partitions",
          fix: "Copy its images and signatures into a registry of aws, and list that one.",
        },
      ],
    );
  });

  it("finds a repository that two statements name, once by self and once by host", () => {
    const statements = [
      statement({ repositories: ["self/app"] }),
      statement({ name: "second", repositories: [`${ownRegistry}/app`] }),
    ];
    assert.deepEqual(
      problemsOf(() => expand({ statements })),
      [
        {
          path: "statements[1].repositories[0]",
          value: `${ownRegistry}/app`,
          message: "is already in statements[0].repositories[0]; Notation allows a repository in one statement only",
          fix: "Put the identities that may sign it into one statement, and remove it from the other.",
        },
      ],
    );
  });

  it("finds a repository whose ECR registry turns out not to be listed", () => {
    const repository = "999988887777.dkr.ecr.eu-west-1.amazonaws.com/app";
    const [problem] = problemsOf(() => expand({ statements: [statement({ repositories: [repository] })] }));
    assert.equal(problem?.path, "statements[0].repositories[0]");
    assert.equal(
      problem?.message,
      'is in the registry "999988887777.dkr.ecr.eu-west-1.amazonaws.com", which is not in registries',
    );
  });

  it("takes the names of one ECR registry for one registry", () => {
    const repository = "111122223333.dkr-ecr.eu-west-1.on.aws/app";
    assert.doesNotThrow(() => expand({ statements: [statement({ repositories: [repository] })] }));
    const twice = [statement({ repositories: ["self/app"] }), statement({ name: "x", repositories: [repository] })];

    const [problem, ...others] = problemsOf(() => expand({ statements: twice }));

    assert.deepEqual(others, []);
    assert.equal(problem?.path, "statements[1].repositories[0]");
    assert.equal(
      problem?.message,
      `is already in statements[0].repositories[0], under another name of the same registry, "${ownRegistry}/app"; Notation allows a repository in one statement only`,
    );
  });

  it("refuses a place that cannot be one, and a signing profile that is none", () => {
    const problems = problemsOf(() => expand({}, { account: "1", region: "Ireland", signingProfileArn: "own" }));
    assert.deepEqual(
      problems.map(({ path, value, message }) => [path, value, message]),
      [
        ["account", "1", "is not an AWS account"],
        ["region", "Ireland", "is not an AWS region"],
        ["signingProfileArn", "own", "is not an ARN"],
      ],
    );
  });
});
