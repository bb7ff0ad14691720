import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { checkTrustFile } from "../../../cli/trust/check-file";
import { trustCheckJson, trustCheckText } from "../../../cli/trust/check-output";
import type { CheckOptions, TrustCheck } from "../../../cli/trust/findings";
import { account, digest, document, exemption, now, ownRegistry, region, release, statement } from "../trust/documents";

describe("trust check of a trust document", () => {
  it("has nothing to say of one that is in order", () => {
    assert.deepEqual(check(document({ registries: ["registry.example.com"] })), {
      file: "trust.yaml",
      kind: "trust-document",
      problems: [],
      warnings: [],
      notChecked: [],
    });
  });

  it("finds what its reader refuses, and says nothing else", () => {
    const found = check(document({ statements: [statement({ identities: ["*"] })], level: "audit" }));

    assert.deepEqual(
      found.problems.map(({ path }) => path),
      ["statements[0].identities[0]", "level"],
    );
    assert.deepEqual([found.warnings, found.notChecked], [[], []]);
  });

  it("says what it could not check without the account and region", () => {
    assert.deepEqual(check(document()).notChecked, [
      "what `self` becomes (give --account)",
      "whether everything is in one partition (give --region)",
    ]);
    assert.deepEqual(check(document(), { account, region }).notChecked, []);
  });

  it("says that it cannot tell whether self is a signing profile of another entry of require", () => {
    const { identities: _, ...rest } = statement();
    const require = [{ identities: ["self"] }, { identities: [release] }];

    const found = check(document({ statements: [{ ...rest, require }] }), { account, region });

    assert.deepEqual([found.problems, found.notChecked.length], [[], 1]);
    assert.match(found.notChecked[0] ?? "", /whether `self` is a signing profile that another entry/);
  });

  it("warns of signatures in a registry that may be a typing error", () => {
    const from = (signaturesFrom: string) =>
      check(document({ statements: [statement({ repositories: ["self/app"], signaturesFrom })] }), { account, region });

    assert.deepEqual(
      from("quay.example.com/app").warnings.map(({ path }) => path),
      ["registries[1]", "statements[0].signaturesFrom"],
    );
    assert.deepEqual(
      from("registry.example.com/source").warnings.map(({ path }) => path),
      [],
    );
  });

  it("finds another partition by the region, with and without the account", () => {
    for (const place of [{ region: "us-gov-west-1" }, { region: "us-gov-west-1", account }]) {
      const [problem] = check(document(), place).problems;

      assert.equal(problem?.path, "statements[0].identities[0]");
      assert.match(problem.message, /is in the partition aws, but this environment is in aws-us-gov/);
    }
  });

  it("finds a partition in which nothing can be verified", () => {
    const identities = ["arn:aws-cn:signer:cn-north-1:111122223333:/signing-profiles/release"];

    const [problem] = check(
      document({ registries: ["registry.cn"], statements: [statement({ identities })] }),
    ).problems;

    assert.deepEqual([problem?.path, problem?.value, problem?.message], ["region", "cn-north-1", "cannot be used"]);
  });

  it("finds what is doubled or missing once the account is known", () => {
    const repositories = ["self/app", `${ownRegistry}/app`];
    const written = document({ registries: ["self", ownRegistry], statements: [statement({ repositories })] });

    assert.deepEqual(check(written, { region }).problems, []);
    assert.match(
      check(written, { account, region }).problems[0]?.message ?? "",
      /is already in statements\[0\].repositories\[0\]/,
    );
  });

  it("does not take a registry that may be `self` for one that is missing", () => {
    const statements = [statement({ repositories: [`${ownRegistry}/app`] })];

    assert.deepEqual(check(document({ registries: ["self"], statements }), { region }).problems, []);
    assert.equal(
      check(document({ registries: ["self"], statements }), { region, account: "999988887777" }).problems.length,
      1,
    );
  });
});

describe("the warnings of trust check", () => {
  const cases: readonly {
    readonly of: string;
    readonly fields: Record<string, unknown>;
    readonly warns: readonly string[];
  }[] = [
    {
      of: "a registry that stands twice",
      fields: { registries: ["a.example.com", "a.example.com"] },
      warns: ["registries[1] is already in registries[0]"],
    },
    {
      of: "a registry that no statement covers",
      fields: {
        registries: ["a.example.com", "b.example.com"],
        statements: [statement({ repositories: ["a.example.com/app"] })],
      },
      warns: ["registries[1] is covered by no statement"],
    },
    {
      of: "no registry that may be the account's own",
      fields: { registries: ["self", ownRegistry], statements: [statement({ repositories: ["self/app"] })] },
      warns: [],
    },
    {
      of: "no registry while a statement covers all",
      fields: { registries: ["self", "a.example.com"] },
      warns: [],
    },
    {
      of: "an identity that stands twice",
      fields: { statements: [statement({ identities: [release, release] })] },
      warns: ["statements[0].identities[1] is already in statements[0].identities[0]"],
    },
    {
      of: "no identity that differs in letter case, which is another profile",
      fields: { statements: [statement({ identities: [release, release.replace(/release$/, "RELEASE")] })] },
      warns: [],
    },
    {
      of: "an identity that is one version",
      fields: { statements: [statement({ identities: [`${release}/Ab3dEf6hIj`] })] },
      warns: ["statements[0].identities[0] is one version of a profile"],
    },
    {
      of: "a version beside its profile",
      fields: { statements: [statement({ identities: [`${release}/Ab3dEf6hIj`, release] })] },
      warns: ["statements[0].identities[0] adds nothing"],
    },
    { of: "no exemption that ends in 90 days", fields: ends("2026-09-13"), warns: [] },
    {
      of: "an exemption that ends in 91 days",
      fields: ends("2026-09-14"),
      warns: ["exemptions[0].expires is in 91 days"],
    },
    { of: "no exemption that ends in 31 days", fields: ends("2026-07-16"), warns: [] },
    {
      of: "an exemption that ends in 30 days",
      fields: ends("2026-07-15"),
      warns: ["exemptions[0].expires is in 30 days"],
    },
    {
      of: "an exemption that ends tomorrow",
      fields: ends("2026-06-16"),
      warns: ["exemptions[0].expires is in 1 day:"],
    },
    { of: "an exemption that ends today", fields: ends("2026-06-15"), warns: ["exemptions[0].expires is today"] },
    {
      of: "an exemption without a digest",
      fields: { exemptions: [exemption({ image: "public.ecr.aws/vendor/agent", expires: "2026-08-01" })] },
      warns: ["exemptions[0].image has no digest"],
    },
    {
      of: "regions that are not known, in each place that has one",
      fields: {
        registries: ["111122223333.dkr.ecr.eu-wset-1.amazonaws.com", "111122223333.dkr-ecr.xx-none-9.on.aws"],
        statements: [
          statement({
            repositories: ["111122223333.dkr.ecr.eu-wset-1.amazonaws.com/a", "111122223333.dkr-ecr.xx-none-9.on.aws/a"],
            identities: [release.replace("eu-west-1", "us-esat-1")],
            signaturesFrom: "111122223333.dkr.ecr.eu-central-11.amazonaws.com/b",
          }),
        ],
      },
      warns: [
        'registries[0] has the region "eu-wset-1"',
        'registries[1] has the region "xx-none-9"',
        'statements[0].repositories[0] has the region "eu-wset-1"',
        'statements[0].repositories[1] has the region "xx-none-9"',
        'statements[0].identities[0] has the region "us-esat-1"',
        'statements[0].signaturesFrom has the region "eu-central-11"',
      ],
    },
    {
      of: "an image that is exempt twice",
      fields: { exemptions: [exemption({ expires: "2026-08-01" }), exemption({ expires: "2026-08-02" })] },
      warns: ["exemptions[1].image is already exempted by exemptions[0]"],
    },
  ];
  for (const { of, fields, warns } of cases) {
    it(`are of ${of}`, () => {
      const { problems, warnings } = check(document({ registries: ["self"], ...fields }));

      const said = warnings.map(({ path, message }) => `${path} ${message}`);
      assert.deepEqual(problems, []);
      assert.equal(said.length, warns.length, said.join("\n"));
      for (const [index, start] of warns.entries()) assert.ok(said[index]?.startsWith(start), said[index]);
      assert.ok(warnings.every(({ fix }) => fix !== undefined));
    });
  }
});

describe("what trust check prints", () => {
  const found: TrustCheck = {
    file: "trust.yaml",
    kind: "trust-document",
    problems: [
      { path: "", value: null, message: "must be a mapping" },
      {
        path: "a.secret",
        value: Symbol("not printed"),
        message: "is not encrypted",
        allowed: "a secret",
        fix: "Do it.",
        position: { line: 7, column: 3, endLine: 7, endColumn: 9 },
      },
    ],
    warnings: [{ path: "b", value: undefined, message: "is odd" }],
    notChecked: ["what nobody knows"],
  };

  it("is one line of JSON, with every key and without secrets", () => {
    const line = trustCheckJson(found);

    assert.deepEqual(JSON.parse(line), {
      file: "trust.yaml",
      kind: "trust-document",
      problems: [
        { path: "", line: null, column: null, value: null, message: "must be a mapping", allowed: null, fix: null },
        {
          path: "a.secret",
          line: 7,
          column: 3,
          value: null,
          message: "is not encrypted",
          allowed: "a secret",
          fix: "Do it.",
        },
      ],
      warnings: [{ path: "b", line: null, column: null, value: null, message: "is odd", allowed: null, fix: null }],
      notChecked: ["what nobody knows"],
    });
    assert.ok(!line.includes("\n"));
  });

  it("is paragraphs for people", () => {
    assert.equal(
      stripVTControlCharacters(trustCheckText(found)),
      `trust.yaml: 2 problems, 1 warning
  Not checked: what nobody knows.

  PROBLEM  the document: null must be a mapping.

  PROBLEM  line 7, a.secret: it is not encrypted.
           Allowed: a secret.
           Fix: Do it.

  WARNING  b: (missing) is odd.`,
    );
  });
});

function check(value: unknown, place: Omit<CheckOptions, "now"> = {}): TrustCheck {
  return checkTrustFile({ kind: "trust-document", file: "trust.yaml", value }, { ...place, now });
}

function ends(expires: string): Record<string, unknown> {
  return { exemptions: [exemption({ image: `public.ecr.aws/vendor/agent@${digest}`, expires })] };
}
