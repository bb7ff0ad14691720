import assert from "node:assert/strict";
import { expandTrustDocument, isRegistryAllowed, parseTrustDocument, TrustDocumentError } from "../../../trust";
import { parseSettings } from "../../../verifier/src/settings";
import { writtenSettings } from "../../../verifier/src/settings-version";
import { BEHAVIOUR } from "../components/settings";
import { account, document, now, ownRegistry, problemsOf, region, statement } from "./documents";
import { resolve } from "./resolved";

const SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:registries/ghcr-a1B2c3";
const LOGIN = { host: "ghcr.io", credentials: SECRET };
const HUB = { host: "docker.io", credentials: SECRET, tokenServer: "auth.docker.io" };
const secrets =
  'the full ARN of a secret, "arn:aws:secretsmanager:<region>:<account>:secret:<name>-<6 letters or digits>"';

describe("registries with a login", () => {
  it("are registries as any other, and keep their login apart", () => {
    const resolved = resolve({ registries: ["self", LOGIN, HUB, "registry.example.com", LOGIN] });

    assert.deepEqual(resolved.registries, [ownRegistry, "ghcr.io", "docker.io", "registry.example.com"]);
    assert.deepEqual(resolved.logins, [LOGIN, HUB]);
    assert.equal(isRegistryAllowed(resolved, { registry: "ghcr.io" }), true);
  });

  it("may have their repositories named", () => {
    const statements = [statement({ repositories: ["ghcr.io/team/app"] })];

    assert.deepEqual(resolve({ registries: [LOGIN], statements }).statements[0]?.repositories, ["ghcr.io/team/app"]);
  });

  it("are the same once they are read out of the image's settings", () => {
    const trust = resolve({ registries: ["self", LOGIN, HUB] });

    assert.deepEqual(parseSettings(JSON.parse(JSON.stringify(writtenSettings({ ...BEHAVIOUR, trust })))).trust, trust);
  });

  it("parse to what was written, so that they can be parsed again", () => {
    const { registries } = parseTrustDocument(document({ registries: ["self", HUB] }), { now });

    assert.deepEqual(registries, ["self", HUB]);
  });
});

describe("registries with a login that are refused", () => {
  const cases: readonly (readonly [what: string, entry: unknown, problem: Record<string, unknown>])[] = [
    [
      "an ECR registry",
      { host: ownRegistry, credentials: SECRET },
      {
        path: "registries[1].host",
        value: ownRegistry,
        message: "is an ECR registry, which is read with the permissions of the verifier's role, but has credentials",
        allowed: "credentials for registries other than ECR",
        fix: `Write "${ownRegistry}" alone, without host and credentials.`,
      },
    ],
    [
      "self",
      { host: "self", credentials: SECRET },
      {
        path: "registries[1].host",
        value: "self",
        message: "is an ECR registry, which is read with the permissions of the verifier's role, but has credentials",
        allowed: "credentials for registries other than ECR",
        fix: 'Write "self" alone, without host and credentials.',
      },
    ],
    [
      "a host with a scheme",
      { host: "https://ghcr.io", credentials: SECRET },
      {
        path: "registries[1].host",
        value: "https://ghcr.io",
        message: "has a scheme",
        allowed:
          '"self" for this account\'s ECR registry, or a host in lower case, such as "111122223333.dkr.ecr.eu-west-1.amazonaws.com"',
        fix: 'Write "ghcr.io".',
      },
    ],
    ["no host", { credentials: SECRET }, { path: "registries[1].host", value: undefined, message: "is required" }],
    [
      "no credentials",
      { host: "ghcr.io" },
      { path: "registries[1].credentials", value: undefined, message: "is required" },
    ],
    [
      "a secret by name",
      { host: "ghcr.io", credentials: "registries/ghcr" },
      {
        path: "registries[1].credentials",
        // It could as well be a password.
        value: "(not shown)",
        message: "is not an ARN",
        allowed: secrets,
        fix: "Use the secret's ARN: its name alone does not tell its region and account.",
      },
    ],
    [
      "a secret of another service",
      { host: "ghcr.io", credentials: "arn:aws:ssm:eu-west-1:111122223333:parameter/ghcr" },
      {
        path: "registries[1].credentials",
        value: "arn:aws:ssm:eu-west-1:111122223333:parameter/ghcr",
        message: 'is an ARN of "ssm", not of AWS Secrets Manager',
        allowed: secrets,
      },
    ],
    [
      "an ARN whose partition and region do not agree",
      { host: "ghcr.io", credentials: SECRET.replace("arn:aws:", "arn:aws-cn:") },
      {
        path: "registries[1].credentials",
        value: SECRET.replace("arn:aws:", "arn:aws-cn:"),
        message: 'has the partition "aws-cn", but eu-west-1 is a region of aws',
        allowed: secrets,
        fix: 'Start it with "arn:aws:secretsmanager:eu-west-1:".',
      },
    ],
    [
      "an ARN without its six characters",
      { host: "ghcr.io", credentials: SECRET.replace("-a1B2c3", "") },
      {
        path: "registries[1].credentials",
        value: SECRET.replace("-a1B2c3", ""),
        message: "is not the full ARN of a secret",
        allowed: secrets,
        fix: "Use the ARN that Secrets Manager shows, with the hyphen and six characters at its end.",
      },
    ],
    [
      "an ARN with a wildcard",
      { host: "ghcr.io", credentials: SECRET.replace("a1B2c3", "*") },
      {
        path: "registries[1].credentials",
        value: SECRET.replace("a1B2c3", "*"),
        message: "is not the full ARN of a secret",
        allowed: secrets,
        fix: "Use the ARN that Secrets Manager shows, with the hyphen and six characters at its end.",
      },
    ],
    [
      "a part of a secret's JSON",
      { host: "ghcr.io", credentials: `${SECRET}:password::` },
      {
        path: "registries[1].credentials",
        value: `${SECRET}:password::`,
        message: "contains more than the secret's ARN",
        allowed: secrets,
        fix: "End it with the secret's name: `username` and `password` are read from its JSON.",
      },
    ],
    [
      "the address of a token server",
      { host: "docker.io", credentials: SECRET, tokenServer: "https://auth.docker.io/token" },
      {
        path: "registries[1].tokenServer",
        value: "https://auth.docker.io/token",
        message: "is a URL, not only the host of a token server",
        allowed: 'a host in lower case, with its port if it has one, such as "auth.docker.io"',
        fix: 'Write "auth.docker.io".',
      },
    ],
    [
      "a token server that is no host",
      { host: "docker.io", credentials: SECRET, tokenServer: "auth_docker" },
      {
        path: "registries[1].tokenServer",
        value: "auth_docker",
        message: "is not the host of a token server: it is neither a DNS name nor an IP address",
        allowed: 'a host in lower case, with its port if it has one, such as "auth.docker.io"',
      },
    ],
    [
      "an unknown key",
      { host: "docker.io", credentials: SECRET, tokenserver: "auth.docker.io" },
      {
        path: "registries[1].tokenserver",
        // It could as well be a password.
        value: "(not shown)",
        message: 'is under the unknown key "tokenserver"',
        allowed: "host, credentials, tokenServer",
        fix: 'Write tokenServer instead of "tokenserver".',
      },
    ],
  ];
  for (const [what, entry, problem] of cases) {
    it(what, () => {
      const problems = problemsOf(() => parseTrustDocument(document({ registries: ["self", entry] }), { now }));

      assert.deepEqual(problems, [problem]);
    });
  }

  for (const [what, entry] of [
    ["beside the host", { host: "ghcr.io", username: "ci", password: "s3cr3t" }],
    ["under credentials", { host: "ghcr.io", credentials: { username: "ci", password: "s3cr3t" } }],
  ] as const) {
    it(`a login written out ${what}, which is not shown again`, () => {
      const registries = ["ghcr.io", entry];

      const problems = problemsOf(() => parseTrustDocument(document({ registries }), { now }));

      assert.deepEqual(problems, [
        {
          path: "registries[1].host",
          value: "ghcr.io",
          message: "contains the login itself, so that everyone who reads this document can read it",
          allowed: `credentials: ${secrets}`,
          fix: "Change the password, store the new login in a secret, and use that secret's ARN as credentials.",
        },
      ]);
    });
  }

  for (const [what, entry, places] of [
    ["under a mistyped key", { ...LOGIN, pasword: "s3cr3t" }, ["registries[1].pasword", "registries[1]"]],
    ["as the secret", { ...LOGIN, credentials: "s3cr3t" }, ["registries[1].credentials", "registries[1]"]],
    [
      "as the secret, with digits alone",
      { ...LOGIN, credentials: 53123 },
      ["registries[1].credentials", "registries[1]"],
    ],
  ] as const) {
    it(`a password ${what}, which is not shown again`, () => {
      const registries = ["ghcr.io", entry];

      const problems = problemsOf(() => parseTrustDocument(document({ registries }), { now }));

      assert.deepEqual(new Set(problems.map(({ path }) => path)), new Set(places));
      assert.doesNotMatch(new TrustDocumentError(problems).message, /s3cr3t|53123/);
    });
  }

  for (const [what, other] of [
    ["another secret", { ...LOGIN, credentials: SECRET.replace("ghcr", "other") }],
    ["another token server", { ...LOGIN, tokenServer: "auth.example.com" }],
    ["no login", "ghcr.io"],
  ] as const) {
    it(`one host a second time, with ${what}`, () => {
      const problems = problemsOf(() => parseTrustDocument(document({ registries: [LOGIN, other] }), { now }));

      assert.deepEqual(problems, [
        {
          path: "registries[1]",
          value: "ghcr.io",
          message: "is the registry of registries[0], with another login",
          fix: "Remove one of them.",
        },
      ]);
    });
  }

  it("a secret of another partition than the environment's", () => {
    const credentials = "arn:aws-us-gov:secretsmanager:us-gov-west-1:111122223333:secret:ghcr-a1B2c3";
    const parsed = parseTrustDocument(document({ registries: [{ host: "ghcr.io", credentials }] }), { now });

    assert.deepEqual(
      problemsOf(() => expandTrustDocument(parsed, { account, region })),
      [
        {
          path: "registries[0].credentials",
          value: credentials,
          message:
            "is in the partition aws-us-gov, but this environment is in aws; AWS credentials are not valid across partitions",
          fix: "Store the login in a secret in aws, and use its ARN.",
        },
      ],
    );
  });
});
