import assert from "node:assert/strict";
import {
  applicableStatement,
  ecrRegistries,
  ecrRepositoryArns,
  expandTrustDocument,
  findExemption,
  isRegistryAllowed,
  notationTrustPolicy,
  parseReference,
  parseTrustDocument,
} from "../../../trust";
import { account, digest, document, exemption, now, ownProfile, ownRegistry, release, statement } from "./documents";
import { resolve } from "./resolved";

describe("notationTrustPolicy", () => {
  it("has one strict entry for each statement", () => {
    const statements = [
      statement({ name: "team", repositories: ["self/app", "registry.example.com/base"], identities: ["self"] }),
      statement(),
    ];
    assert.deepEqual(notationTrustPolicy(resolve({ statements })), {
      version: "1.0",
      trustPolicies: [
        {
          name: "team",
          registryScopes: [`${ownRegistry}/app`, "registry.example.com/base"],
          signatureVerification: { level: "strict" },
          trustStores: ["signingAuthority:aws-signer-ts"],
          trustedIdentities: [ownProfile],
        },
        {
          name: "release",
          registryScopes: ["*"],
          signatureVerification: { level: "strict" },
          trustStores: ["signingAuthority:aws-signer-ts"],
          trustedIdentities: [release],
        },
      ],
    });
  });

  it("uses the trust store of the partition", () => {
    const { trustPolicies } = notationTrustPolicy({ ...resolve(), partition: "aws-us-gov" });
    assert.deepEqual(trustPolicies[0]?.trustStores, ["signingAuthority:aws-us-gov-signer-ts"]);
  });

  it("refuses a partition without a known root certificate", () => {
    const identities = ["arn:aws-cn:signer:cn-north-1:111122223333:/signing-profiles/own"];
    const parsed = parseTrustDocument(document({ statements: [statement({ identities })] }));
    const resolved = expandTrustDocument(parsed, { account, region: "cn-north-1" });
    assert.throws(() => notationTrustPolicy(resolved), { name: "PartitionUnsupportedError" });
  });
});

describe("isRegistryAllowed", () => {
  it("is true for the listed registries only", () => {
    const resolved = resolve();
    assert.equal(isRegistryAllowed(resolved, parseReference(`${ownRegistry}/any:1`)), true);
    assert.equal(isRegistryAllowed(resolved, parseReference("Registry.Example.com/any")), true);
    assert.equal(isRegistryAllowed(resolved, parseReference("registry.example.com:443/any")), false);
    assert.equal(isRegistryAllowed(resolved, parseReference("registry.example.com.evil.example/any")), false);
    assert.equal(isRegistryAllowed(resolved, parseReference("nginx")), false);
  });
});

describe("applicableStatement", () => {
  const statements = [statement({ name: "others" }), statement({ name: "team", repositories: ["self/team/app"] })];
  const nameFor = (fields: Record<string, unknown>, text: string) =>
    applicableStatement(resolve(fields), parseReference(text))?.name;

  it("is the statement that names the repository, before the one for *", () => {
    assert.equal(nameFor({ statements }, `${ownRegistry}/team/app:1`), "team");
  });

  it("is the statement for * for every other repository", () => {
    assert.equal(nameFor({ statements }, `${ownRegistry}/team/app2`), "others");
    assert.equal(nameFor({ statements }, `${ownRegistry}/team/app/sub`), "others");
    assert.equal(nameFor({ statements }, `${ownRegistry}/team`), "others");
  });

  it("is none for a repository that is not named when there is no statement for *", () => {
    assert.equal(nameFor({ statements: statements.slice(1) }, `${ownRegistry}/team/app2`), undefined);
  });
});

describe("the names of one ECR registry", () => {
  const names = [
    ownRegistry,
    "111122223333.dkr.ecr-fips.eu-west-1.amazonaws.com",
    "111122223333.dkr-ecr.eu-west-1.on.aws",
    "111122223333.dkr-ecr-fips.eu-west-1.on.aws",
  ] as const;
  const other = "444455556666.dkr.ecr.eu-west-1.amazonaws.com";
  const statements = (repository: string) => [
    statement({ name: "others" }),
    statement({ name: "payments", repositories: [repository] }),
  ];

  it("select the same statement, whatever name the statement has", () => {
    for (const written of ["self", ...names]) {
      const trust = resolve({
        registries: ["self", ...names.slice(1), other],
        statements: statements(`${written}/payments`),
      });
      for (const name of names) {
        const reference = parseReference(`${name}/payments:1`);
        assert.equal(applicableStatement(trust, reference)?.name, "payments", `${name} for ${written}`);
      }
      assert.equal(applicableStatement(trust, parseReference(`${other}/payments:1`))?.name, "others");
      assert.equal(applicableStatement(trust, parseReference(`${names[2]}/payments2:1`))?.name, "others");
    }
  });

  it("are all scopes of the statement in Notation's policy, those that are listed", () => {
    const trust = resolve({ registries: ["self", names[2], other], statements: statements("self/payments") });

    const { trustPolicies } = notationTrustPolicy(trust);

    assert.deepEqual(
      trustPolicies.map(({ registryScopes }) => registryScopes),
      [["*"], [`${ownRegistry}/payments`, `${names[2]}/payments`]],
    );
  });

  it("are one for an exemption, with and without a digest", () => {
    const image = `self/vendor@${digest}`;
    const trust = resolve({ exemptions: [exemption({ image }), exemption({ image: "self/agent" })] });
    const at = (text: string) => findExemption(trust, parseReference(text), now)?.image;

    assert.equal(at(`${names[2]}/vendor@${digest}`), `${ownRegistry}/vendor@${digest}`);
    assert.equal(at(`${names[3]}/agent:1`), `${ownRegistry}/agent`);
    assert.equal(at(`${names[2]}/vendor:1`), undefined);
    assert.equal(at(`${other}/agent:1`), undefined);
  });
});

describe("ecrRegistries", () => {
  it("are the listed ECR registries with account and region", () => {
    const other = "444455556666.dkr-ecr.us-east-1.on.aws";
    assert.deepEqual(ecrRegistries(resolve({ registries: ["self", "ghcr.io", other] })), [
      { host: ownRegistry, account, region: "eu-west-1" },
      { host: other, account: "444455556666", region: "us-east-1" },
    ]);
  });
});

describe("ecrRepositoryArns", () => {
  const other = "444455556666.dkr.ecr.us-east-1.amazonaws.com";

  it("are the exact repositories in ECR, sorted", () => {
    const repositories = ["self/team/b", "registry.example.com/c", `${other}/d`, "self/a"];
    const registries = ["self", "registry.example.com", other];
    const statements = [
      statement({ repositories: repositories.slice(0, 2) }),
      statement({ name: "x", repositories: repositories.slice(2) }),
    ];
    assert.deepEqual(ecrRepositoryArns(resolve({ registries, statements })), [
      "arn:aws:ecr:eu-west-1:111122223333:repository/a",
      "arn:aws:ecr:eu-west-1:111122223333:repository/team/b",
      "arn:aws:ecr:us-east-1:444455556666:repository/d",
    ]);
  });

  it("are all repositories of every listed ECR registry for *, and none beside those", () => {
    const statements = [statement(), statement({ name: "team", repositories: ["self/app"] })];
    assert.deepEqual(ecrRepositoryArns(resolve({ registries: [other, "ghcr.io", "self"], statements })), [
      "arn:aws:ecr:eu-west-1:111122223333:repository/*",
      "arn:aws:ecr:us-east-1:444455556666:repository/*",
    ]);
  });

  it("has one ARN for two hosts of the same registry", () => {
    const registries = ["self", "111122223333.dkr-ecr.eu-west-1.on.aws"];
    assert.deepEqual(ecrRepositoryArns(resolve({ registries })), ["arn:aws:ecr:eu-west-1:111122223333:repository/*"]);
  });

  it("are none without ECR", () => {
    assert.deepEqual(ecrRepositoryArns(resolve({ registries: ["ghcr.io"] })), []);
  });

  it("are of the region's partition", () => {
    const registries = ["111122223333.dkr.ecr.us-gov-west-1.amazonaws.com"];
    const statements = [statement()];
    assert.deepEqual(ecrRepositoryArns({ registries, statements: resolve({ statements }).statements }), [
      "arn:aws-us-gov:ecr:us-gov-west-1:111122223333:repository/*",
    ]);
  });
});
