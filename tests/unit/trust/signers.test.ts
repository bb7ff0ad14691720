import assert from "node:assert/strict";
import {
  ecrRepositoryArns,
  listIdentities,
  listRequirements,
  notationTrustPolicy,
  parseTrustDocument,
} from "../../../trust";
import { bottlerocketSettings } from "../../../trust/bottlerocket";
import { readRegistries } from "../../../trust/derive";
import { account, document, now, ownProfile, ownRegistry, problemsOf, region, release, statement } from "./documents";
import { resolve } from "./resolved";

const approval = (name: string) => `arn:aws:signer:${region}:444455556666:/signing-profiles/approval_${name}`;
const source = "444455556666.dkr.ecr.eu-west-1.amazonaws.com/team/app";

/** A statement with these fields in place of `identities`. */
function requiring(require: unknown, fields: Record<string, unknown> = {}): Record<string, unknown> {
  const { identities: _, ...rest } = statement(fields);
  return { ...rest, require };
}

function problems(fields: Record<string, unknown>) {
  return problemsOf(() => parseTrustDocument(document({ statements: [fields] }), { now }));
}

describe("required signers", () => {
  it("are a list of entries, each of which needs one signer unless it says more", () => {
    const entries = [
      { identities: ["self"] },
      { identities: [approval("a"), approval("b"), approval("c")], atLeast: 2 },
    ];

    const [only] = resolve({ statements: [requiring(entries)] }).statements;

    assert.ok(only);
    assert.deepEqual(listRequirements(only), [
      { identities: [ownProfile], atLeast: 1 },
      { identities: [approval("a"), approval("b"), approval("c")], atLeast: 2 },
    ]);
    assert.equal(only.identities, undefined, "an older verifier must refuse the settings, not read less");
  });

  it("are one of the identities where a statement has only those", () => {
    assert.deepEqual(listRequirements({ identities: [release] }), [{ identities: [release], atLeast: 1 }]);
  });

  it("are joined in Notation's trust policy, which counts one signature", () => {
    const entries = [{ identities: [release] }, { identities: [approval("a"), `${approval("a")}/abcdefghij`] }];
    const resolved = resolve({ statements: [requiring(entries)] });

    const [policy] = notationTrustPolicy(resolved).trustPolicies;

    assert.deepEqual(policy?.trustedIdentities, [release, approval("a"), `${approval("a")}/abcdefghij`]);
    assert.deepEqual(policy?.trustedIdentities, resolved.statements.flatMap(listIdentities));
  });

  const refused: readonly (readonly [string, Record<string, unknown>, string, RegExp])[] = [
    ["neither list", (({ identities: _, ...rest }) => rest)(statement()), "statements[0].identities", /is required/],
    ["both lists", { ...statement(), require: [{ identities: [release] }] }, "statements[0].require", /stands beside/],
    ["an empty list", requiring([]), "statements[0].require", /at least one entry/],
    [
      "a profile in two entries, by its version in one",
      requiring([{ identities: [release] }, { identities: [`${release}/abcdefghij`] }]),
      "statements[0].require[1].identities[0]",
      /is a signing profile of statements\[0\]\.require\[0\], too/,
    ],
    [
      "more signers than the entry has profiles",
      requiring([{ identities: [release, `${release}/abcdefghij`], atLeast: 2 }]),
      "statements[0].require[0].atLeast",
      /can never be met: the entry lists 1 signing profile/,
    ],
    ["none at all", requiring([{ identities: [release], atLeast: 0 }]), "statements[0].require[0].atLeast", /range/],
    [
      "more than five signers in all",
      requiring([{ identities: [release] }, { identities: ["a", "b", "c", "d", "e"].map(approval), atLeast: 5 }]),
      "statements[0].require",
      /more than a statement may require/,
    ],
    [
      "a misspelt key",
      requiring([{ identities: [release], atleast: 1 }]),
      "statements[0].require[0].atleast",
      /unknown key/,
    ],
  ];
  for (const [what, fields, path, message] of refused) {
    it(`refuses ${what}`, () => {
      const [problem, ...more] = problems(fields);

      assert.deepEqual([problem?.path, more], [path, []]);
      assert.match(problem?.message ?? "", message);
    });
  }

  it("refuses a profile in two entries, of which one says self", () => {
    const entries = [{ identities: ["self"] }, { identities: [ownProfile] }];

    const [problem] = problemsOf(() => resolve({ statements: [requiring(entries)] }));

    assert.equal(problem?.path, "statements[0].require[1].identities[0]");
  });

  it("cannot be a setting of Bottlerocket, and neither can an age", () => {
    const entries = [{ identities: [release] }, { identities: [approval("a")] }];
    const fields = requiring(entries, { signedAfter: "2026-01-01", maxAgeDays: 90 });

    const found = problemsOf(() => bottlerocketSettings(resolve({ statements: [fields] })));

    assert.deepEqual(
      found.map(({ path }) => path),
      ["statements[0].require", "statements[0].signedAfter", "statements[0].maxAgeDays"],
    );
    assert.doesNotThrow(() => bottlerocketSettings(resolve({ statements: [requiring([{ identities: [release] }])] })));
  });
});

describe("mistakes that would lose a condition", () => {
  const fixes: readonly (readonly [string, Record<string, unknown>, string, RegExp])[] = [
    ["maxAge", statement({ maxAge: 90 }), "statements[0].maxAge", /Write maxAgeDays/],
    ["notBefore", statement({ notBefore: "2026-01-01" }), "statements[0].notBefore", /Write signedAfter/],
    ["atLeast outside an entry", statement({ atLeast: 1 }), "statements[0].atLeast", /Indent it below that entry/],
    ["min", requiring([{ identities: [release], min: 1 }]), "statements[0].require[0].min", /Write atLeast/],
    ["an identity in place of an entry", requiring(["self"]), "statements[0].require[0]", /Write "- identities/],
    ["a number in quotes", statement({ maxAgeDays: "90" }), "statements[0].maxAgeDays", /without quotes/],
    [
      "a list in place of a name",
      statement({ repositories: ["self/app"], signaturesFrom: [source] }),
      "statements[0].signaturesFrom",
      /Give one value, not a list/,
    ],
  ];
  for (const [what, fields, path, fix] of fixes) {
    it(`${what}: says what was meant`, () => {
      const [problem, ...more] = problems(fields);

      assert.deepEqual([problem?.path, more], [path, []]);
      assert.match(problem?.fix ?? "", fix);
    });
  }
});

describe("signaturesFrom", () => {
  const from = (fields: Record<string, unknown>) =>
    statement({ repositories: ["self/app"], signaturesFrom: source, ...fields });

  it("is read like a repository of the statement, and lets no image run", () => {
    const resolved = resolve({ statements: [from({})] });

    assert.deepEqual(ecrRepositoryArns(resolved), [
      `arn:aws:ecr:${region}:${account}:repository/app`,
      `arn:aws:ecr:${region}:444455556666:repository/team/app`,
    ]);
    assert.deepEqual(resolved.registries, [ownRegistry, "registry.example.com"]);
    assert.deepEqual(readRegistries(resolved), [ownRegistry, "registry.example.com", source.split("/")[0]]);
  });

  it("is a permission of its own beside a statement for every repository", () => {
    const arns = ecrRepositoryArns(resolve({ statements: [from({}), statement({ name: "rest" })] }));

    assert.deepEqual(arns, [
      `arn:aws:ecr:${region}:${account}:repository/*`,
      `arn:aws:ecr:${region}:444455556666:repository/team/app`,
    ]);
  });

  it("may say self", () => {
    const [only] = resolve({ statements: [from({ signaturesFrom: "self/source" })] }).statements;

    assert.equal(only?.signaturesFrom, `${ownRegistry}/source`);
  });

  const refused: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
    ["every repository", from({ signaturesFrom: "*" }), /is no repository/],
    ["a tag", from({ signaturesFrom: `${source}:v1` }), /has a tag/],
    ["no registry", from({ signaturesFrom: "team/app" }), /names no registry/],
    ["a statement for every repository", from({ repositories: ["*"] }), /belongs to a statement for "\*"/],
    ["a repository of the statement", from({ signaturesFrom: "self/app" }), /a repository of the statement itself/],
  ];
  for (const [what, fields, message] of refused) {
    it(`refuses ${what}`, () => {
      const [problem, ...more] = problems(fields);

      assert.deepEqual([problem?.path, more], ["statements[0].signaturesFrom", []]);
      assert.match(problem?.message ?? "", message);
    });
  }

  it("refuses a registry of another partition", () => {
    const signaturesFrom = "444455556666.dkr.ecr.us-gov-west-1.amazonaws.com/app";

    const [problem] = problemsOf(() => resolve({ statements: [from({ signaturesFrom })] }));

    assert.match(problem?.message ?? "", /partition aws-us-gov/);
  });
});

describe("the age of signatures", () => {
  it("is a day, or a number of days", () => {
    const [only] = resolve({ statements: [statement({ signedAfter: "2026-01-01", maxAgeDays: 90 })] }).statements;

    assert.deepEqual([only?.signedAfter, only?.maxAgeDays], ["2026-01-01", 90]);
  });

  const refused: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
    ["signedAfter", { signedAfter: "2026-06-16" }, /has not come yet/],
    ["signedAfter", { signedAfter: "yesterday" }, /is not a calendar date/],
    ["maxAgeDays", { maxAgeDays: 0 }, /is not a whole number/],
    ["maxAgeDays", { maxAgeDays: "90" }, /is not a whole number/],
    ["maxAgeDays", { maxAgeDays: 1.5 }, /is not a whole number/],
  ];
  for (const [key, fields, message] of refused) {
    it(`refuses ${key} ${JSON.stringify(Object.values(fields)[0])}`, () => {
      const [problem, ...more] = problems(statement(fields));

      assert.deepEqual([problem?.path, more], [`statements[0].${key}`, []]);
      assert.match(problem?.message ?? "", message);
    });
  }

  it("of a day that has not come does not stop a running verifier", () => {
    const value = document({ statements: [statement({ signedAfter: "2026-06-16" })] });

    assert.doesNotThrow(() => parseTrustDocument(value, { now, expiredExemptions: "keep" }));
  });
});
