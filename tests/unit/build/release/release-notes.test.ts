import assert from "node:assert/strict";
import { sectionOf } from "../../../../build/release/changelog";
import { releaseNotes } from "../../../../build/release/release-notes";

const CHANGELOG = `# Changelog

## [Unreleased]

## [1.1.0] - 2026-12-01

### Added

- **Something** that takes
  two lines.
- Something else.

A text of
two lines.

## [1.0.0] - 2026-11-01

The first.

[1.0.0]: https://example.com/1.0.0
`;

describe("what CHANGELOG.md says of a version", () => {
  it("is the text under its heading", () => {
    assert.match(
      sectionOf(CHANGELOG, "1.1.0") ?? "",
      /^### Added\n\n- \*\*Something\*\*[\s\S]*A text of\ntwo lines\.$/,
    );
  });

  it("ends with the links of the file", () => {
    assert.equal(sectionOf(CHANGELOG, "1.0.0"), "The first.");
  });

  it("is missing for a version that is not there, and one of which nothing is said", () => {
    assert.deepEqual([sectionOf(CHANGELOG, "1.1"), sectionOf(CHANGELOG, "Unreleased")], [undefined, undefined]);
  });
});

describe("the notes of a release", () => {
  const changes = sectionOf(CHANGELOG, "1.1.0") ?? "";

  it("have a line for each item and paragraph, since GitHub shows every line break", () => {
    const notes = releaseNotes({ changes, commit: "abc", isSnapshot: false });

    assert.ok(
      notes.startsWith(
        "### Added\n\n- **Something** that takes two lines.\n- Something else.\n\nA text of two lines.\n\n### Files\n\n",
      ),
      notes,
    );
  });

  it("say the commit, and how to check the files", () => {
    const notes = releaseNotes({ changes, commit: "abc", isSnapshot: false });

    assert.match(notes, /Made from commit abc\./);
    assert.match(notes, /sha256sum --check/);
    assert.doesNotMatch(notes, /snapshot/);
  });

  it("warn of a snapshot before anything else", () => {
    assert.match(releaseNotes({ changes, commit: "abc", isSnapshot: true }), /^\*\*This is a snapshot .* no release/);
  });
});
