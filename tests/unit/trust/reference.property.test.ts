import assert from "node:assert/strict";
import fc from "fast-check";
import {
  formatReference,
  parseReference,
  ReferenceInvalidError,
  readReference,
  repositoryName,
} from "../../../trust/reference";
import { anyCharacter } from "../../support/any-character";

const lower = "abcdefghijklmnopqrstuvwxyz0123456789";
const word = (characters: string, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength });
const separator = fc.constantFrom(".", "_", "__", "-", "--");
const component = fc
  .tuple(word(lower, 8), fc.array(fc.tuple(separator, word(lower, 5)), { maxLength: 2 }))
  .map(([first, rest]) => first + rest.map((pair) => pair.join("")).join(""));
const repository = fc.array(component, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
const host = fc.oneof(
  fc.constantFrom("localhost", "docker.io", "index.docker.io", "Docker.io", "[::1]", "[2001:DB8::1]:443", "10.0.0.1"),
  fc.tuple(word(lower, 8), word("abcdefghijklmnopqrstuvwxyzABCDEF", 5)).map((labels) => labels.join(".")),
  fc.tuple(word(lower, 8), fc.integer({ min: 1, max: 65535 })).map(([name, port]) => `h${name}:${port}`),
);
const tag = word(`${lower}ABCXYZ_`, 20).map((text) => `:${text}`);
const digest = word("0123456789abcdef", 1).chain((character) =>
  fc.constantFrom(`@sha256:${character.repeat(64)}`, `@sha512:${character.repeat(128)}`),
);
// Without a host, a first component with a dot would be taken for one.
const hubName = fc.oneof(
  component,
  fc
    .tuple(
      word(lower, 8).filter((text) => text !== "localhost"),
      repository,
    )
    .map((parts) => parts.join("/")),
);
const validText = fc
  .tuple(
    fc.oneof(
      hubName,
      fc.tuple(host, repository).map((parts) => parts.join("/")),
    ),
    fc.option(tag, { nil: "" }),
    fc.option(digest, { nil: "" }),
  )
  .map((parts) => parts.join(""));
const likelyText = fc.oneof(
  fc.string({ maxLength: 300 }),
  fc.string({ unit: anyCharacter, maxLength: 100 }),
  fc.string({ unit: fc.constantFrom(..."aA0./:@-_[]*% \n\u0000sha256"), maxLength: 700 }),
  fc.tuple(validText, fc.string({ maxLength: 5 }), fc.nat(200)).map(([text, junk, at]) => {
    return text.slice(0, at) + junk + text.slice(at);
  }),
);

function parsedOrRefused(text: string) {
  const reference = readReference(text);
  return reference instanceof ReferenceInvalidError ? undefined : reference;
}

describe("parseReference, for any text", () => {
  it("accepts what is written by the grammar", () => {
    fc.assert(
      fc.property(validText, (text) => assert.doesNotThrow(() => parseReference(text))),
      { numRuns: 1000 },
    );
  });

  it("throws nothing but ReferenceInvalidError, with a message of one printable line", () => {
    fc.assert(
      fc.property(likelyText, (text) => {
        try {
          parseReference(text);
        } catch (error) {
          assert.ok(error instanceof ReferenceInvalidError);
          assert.match(error.message, /^[\x20-\x7e]+$/);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("gives the same reference back for the canonical text of a reference", () => {
    fc.assert(
      fc.property(fc.oneof(validText, likelyText), (text) => {
        const reference = parsedOrRefused(text);
        if (reference !== undefined) assert.deepEqual(parseReference(formatReference(reference)), reference);
      }),
      { numRuns: 3000 },
    );
  });

  it("has one canonical text for each reference, with a lower-case name that begins with the registry", () => {
    fc.assert(
      fc.property(validText, (text) => {
        const canonical = formatReference(parseReference(text));
        const name = repositoryName(parseReference(text));
        assert.equal(formatReference(parseReference(canonical)), canonical);
        assert.ok(canonical.startsWith(name));
        assert.equal(name, name.toLowerCase());
      }),
    );
  });

  it("reads every spelling of a Docker Hub name as the same reference", () => {
    fc.assert(
      fc.property(component, fc.option(tag, { nil: "" }), fc.option(digest, { nil: "" }), (name, tagged, digested) => {
        const rest = `${name}${tagged}${digested}`;
        fc.pre(!/^[0-9a-f]{64}$/.test(rest));
        const spellings = [
          "",
          "docker.io/",
          "index.docker.io/",
          "library/",
          "docker.io/library/",
          "DOCKER.io/library/",
        ];
        const canonical = spellings.map((prefix) => formatReference(parseReference(prefix + rest)));
        assert.equal(new Set(canonical).size, 1);
      }),
    );
  });

  it("takes no longer for hostile texts of the greatest length", () => {
    const hostile = [
      `r.example.com/${"a-".repeat(280)}!`,
      `r.example.com/${"a".repeat(500)}!`,
      `r.example.com/${"-".repeat(500)}`,
      `r.example.com/${"a__".repeat(180)}!`,
      `${"a.".repeat(290)}/x`,
      `${"a-".repeat(290)}.com/x`,
      `${":".repeat(590)}/x`,
      `app:${"a.".repeat(290)}!`,
    ];
    const started = process.cpuUsage();
    for (let round = 0; round < 100; round++) for (const text of hostile) parsedOrRefused(text);
    const { user } = process.cpuUsage(started);
    // 800 texts: some milliseconds if the time is linear, hours if it is exponential.
    assert.ok(user < 5_000_000, `${user} microseconds`);
  });
});
