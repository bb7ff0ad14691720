import assert from "node:assert/strict";
import { parseTrustDocument, TrustDocumentError } from "../../../trust";
import { document, exemption, now, problemsOf, release, statement } from "./documents";

function parse(fields: Record<string, unknown>) {
  return parseTrustDocument(document(fields), { now });
}

describe("parseTrustDocument", () => {
  it("gives back a valid document, with an empty list of exemptions if there is none", () => {
    assert.deepEqual(parse({}), { ...document(), exemptions: [] });
  });

  it("accepts exact repositories beside a statement for all others", () => {
    const statements = [
      statement({ name: "team", repositories: ["self/team/app", "registry.example.com/base"], identities: ["self"] }),
      statement(),
    ];
    assert.deepEqual(parse({ statements }).statements, statements);
  });

  it("accepts an exemption outside the listed registries, by repository or by digest", () => {
    const exemptions = [
      exemption(),
      exemption({ image: "docker.io/library/busybox" }),
      exemption({ image: "self/app" }),
    ];
    assert.deepEqual(parse({ exemptions }).exemptions, exemptions);
  });

  it("accepts the date of an exemption as a Date, as some YAML readers give it", () => {
    const parsed = parse({ exemptions: [exemption({ expires: new Date("2027-03-31T00:00:00Z") })] });
    assert.equal(parsed.exemptions[0]?.expires, "2027-03-31");
  });

  it("accepts a repository that may turn out to be in the registry that self stands for, and the reverse", () => {
    const ecr = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
    assert.doesNotThrow(() =>
      parse({ registries: ["self"], statements: [statement({ repositories: [`${ecr}/app`] })] }),
    );
    assert.doesNotThrow(() => parse({ registries: [ecr], statements: [statement({ repositories: ["self/app"] })] }));
  });

  it("does not change the value that it was given", () => {
    const value = Object.freeze(document({ registries: Object.freeze(["self"]) }));
    assert.notEqual(parseTrustDocument(value, { now }), value);
  });

  it("reports every problem at once, of shape, of values and between values", () => {
    const problems = problemsOf(() =>
      parse({
        registry: ["self"],
        statements: [statement({ identities: ["*"], level: "skip" }), statement({ identities: undefined })],
        exemptions: [exemption({ owner: 7, expires: "2020-01-01" })],
      }),
    );
    assert.deepEqual(problems.map(({ path }) => path).sort(), [
      "exemptions[0].expires",
      "exemptions[0].owner",
      "registry",
      "statements[0].identities[0]",
      "statements[0].level",
      "statements[1].identities",
      "statements[1].name",
      "statements[1].repositories[0]",
    ]);
  });

  it("prints one block for each problem", () => {
    const registries = ["https://registry.example.com/team"];
    assert.throws(() => parse({ registries, statements: [statement({ name: "a b" }), 3] }), {
      name: "TrustDocumentError",
      message: `The trust document has 3 problems.

registries[0]: "https://registry.example.com/team" has a scheme.
  Allowed: "self" for this account's ECR registry, or a host in lower case, such as "111122223333.dkr.ecr.eu-west-1.amazonaws.com".
  Fix: Write "registry.example.com".

statements[0].name: "a b" is not a name for a statement.
  Allowed: 1 to 64 letters, digits, . _ or -, beginning with a letter or digit.

statements[1]: 3 must be a mapping.`,
    });
  });

  it("shows hostile values on one line and shortened", () => {
    const hostile = { [`\u202e\n${"x".repeat(5000)}`]: 1n };
    const [unknown] = problemsOf(() => parse(hostile));
    assert.ok(unknown);
    assert.match(unknown.path, /^\["\\u\{202e\}\\nx+\.\.\."\]$/);
    assert.ok(new TrustDocumentError([unknown]).message.length < 1000);
  });

  for (const value of [undefined, null, 3, "text", [], new Date(0), Number.NaN]) {
    it(`refuses ${String(value)} in the place of a document`, () => {
      assert.notEqual(problemsOf(() => parseTrustDocument(value)).length, 0);
    });
  }

  it("refuses a key that would reach the prototype", () => {
    const value: unknown = JSON.parse(`{"__proto__": {"registries": ["evil.example"]}, "statements": []}`);
    assert.deepEqual(
      problemsOf(() => parseTrustDocument(value)).map(({ path }) => path),
      ["registries", "statements", "__proto__"],
    );
  });
});

describe("parseTrustDocument, for expired exemptions", () => {
  const expired = { exemptions: [exemption({ expires: "2026-06-14" })] };

  it("refuses them", () => {
    assert.deepEqual(
      problemsOf(() => parse(expired)),
      [
        {
          path: "exemptions[0].expires",
          value: "2026-06-14",
          message: "has passed; the exemption has expired",
          fix: "Sign the image and remove the exemption, or ask the exemption's owner to set a later date.",
        },
      ],
    );
  });

  it("keeps them for a running verifier", () => {
    const parsed = parseTrustDocument(document(expired), { now, expiredExemptions: "keep" });
    assert.equal(parsed.exemptions.length, 1);
  });

  it("accepts an exemption to the last moment of its day, in UTC", () => {
    const last = document({ exemptions: [exemption({ expires: "2026-06-15" })] });
    assert.doesNotThrow(() => parseTrustDocument(last, { now: new Date("2026-06-15T23:59:59.999Z") }));
    assert.throws(() => parseTrustDocument(last, { now: new Date("2026-06-16T00:00:00.000Z") }), TrustDocumentError);
  });

  it("holds them against the present if no moment is given", () => {
    assert.throws(() => parseTrustDocument(document({ exemptions: [exemption({ expires: "2001-01-01" })] })));
    assert.doesNotThrow(() => parseTrustDocument(document({ exemptions: [exemption({ expires: "9999-12-31" })] })));
  });

  it("takes an exemption for expired when the clock is not valid", () => {
    assert.throws(() => parseTrustDocument(document({ exemptions: [exemption()] }), { now: new Date("x") }));
  });

  it("refuses what is not a calendar date", () => {
    for (const expires of [
      "2027-02-30",
      "2027-3-31",
      "31.03.2027",
      " 2027-03-31",
      new Date("x"),
      20270331,
      new Date("2027-03-31T10:00:00Z"),
    ]) {
      const [problem] = problemsOf(() => parse({ exemptions: [exemption({ expires })] }));
      assert.equal(problem?.path, "exemptions[0].expires");
      assert.equal(problem?.message, "is not a calendar date");
      assert.equal(
        problem?.allowed,
        'YYYY-MM-DD, such as "2027-03-31"; the exemption is valid until the end of that day, in UTC',
      );
    }
  });
});

describe("a document between its statements", () => {
  const repositoryProblem = (statements: unknown) => problemsOf(() => parse({ statements }));

  it("has each repository in one statement only", () => {
    const statements = [
      statement({ repositories: ["self/app"] }),
      statement({ name: "second", repositories: ["self/base", "self/app"] }),
    ];
    assert.deepEqual(repositoryProblem(statements), [
      {
        path: "statements[1].repositories[1]",
        value: "self/app",
        message: "is already in statements[0].repositories[0]; Notation allows a repository in one statement only",
        fix: "Put the identities that may sign it into one statement, and remove it from the other.",
      },
    ]);
  });

  it("has each repository once in a statement", () => {
    assert.deepEqual(repositoryProblem([statement({ repositories: ["self/app", "self/app"] })]), [
      {
        path: "statements[0].repositories[1]",
        value: "self/app",
        message: "is already in statements[0].repositories[0]; Notation allows a repository in one statement only",
        fix: "Remove one of them.",
      },
    ]);
  });

  it("has one statement for *", () => {
    assert.deepEqual(repositoryProblem([statement(), statement({ name: "second" })]), [
      {
        path: "statements[1].repositories[0]",
        value: "*",
        message: "is already in statements[0].repositories[0]; Notation allows a repository in one statement only",
        fix: "Put the identities that may sign it into one statement, and remove it from the other.",
      },
    ]);
  });

  it("has * alone in its statement", () => {
    assert.deepEqual(repositoryProblem([statement({ repositories: ["self/app", "*"] })]), [
      {
        path: "statements[0].repositories[1]",
        value: "*",
        message: "is listed with other repositories; Notation allows it only alone",
        allowed: '"*" alone, or exact repositories',
        fix: 'Remove the other repositories, because "*" covers them, or move "*" to a separate statement.',
      },
    ]);
  });

  it("has a name of its own for each statement", () => {
    assert.deepEqual(repositoryProblem([statement(), statement({ repositories: ["self/app"] })]), [
      {
        path: "statements[1].name",
        value: "release",
        message: "is already the name of statements[0]",
        fix: "Rename one of them, or merge them into one statement.",
      },
    ]);
  });

  it("has every repository in a listed registry", () => {
    assert.deepEqual(repositoryProblem([statement({ repositories: ["ghcr.io/team/app"] })]), [
      {
        path: "statements[0].repositories[0]",
        value: "ghcr.io/team/app",
        message: 'is in the registry "ghcr.io", which is not in registries',
        fix: 'Add "ghcr.io" to registries, or remove the repository.',
      },
    ]);
  });

  it("needs self in the registries for a repository of self", () => {
    const statements = [statement({ repositories: ["self/app"] })];
    const [problem] = problemsOf(() => parse({ registries: ["registry.example.com"], statements }));
    assert.equal(problem?.message, 'is in the registry "self", which is not in registries');
  });

  it("does not report a registry as missing when its entry is the one that is wrong", () => {
    const statements = [statement({ repositories: ["ghcr.io/app"], identities: [release] })];
    const problems = problemsOf(() => parse({ registries: ["https://ghcr.io"], statements }));
    assert.deepEqual(
      problems.map(({ path }) => path),
      ["registries[0]"],
    );
  });
});
