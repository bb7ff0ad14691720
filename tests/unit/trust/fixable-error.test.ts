import assert from "node:assert/strict";
import {
  explained,
  explainedInLines,
  explainedTogether,
  type Fault,
  FixableError,
} from "../../../trust/text/fixable-error";

class Refused extends FixableError {
  get fault(): Fault {
    return "input";
  }
}

const all = { where: "mode", what: '"block" is no mode.', allowed: '"enforce" or "audit"', fix: 'Write "enforce".' };

describe("an error that a person can fix", () => {
  it("says where, what, what to do and what is allowed, in one line", () => {
    assert.equal(new Refused(all).message, 'mode: "block" is no mode. Write "enforce". Allowed: "enforce" or "audit".');
    assert.equal(explained({ what: "It is empty." }), "It is empty.");
  });

  it("takes a message that has all of it", () => {
    const cause = new Error("why");
    const error = new Refused("It is empty. Fill it in.", { cause });

    assert.equal(error.message, "It is empty. Fill it in.");
    assert.equal(error.cause, cause);
  });

  it("has no facts of its own, which would be printed with those of its kind", () => {
    assert.deepEqual(Object.keys(new Refused(all)), []);
  });
});

describe("several explanations", () => {
  it("have a line for each part", () => {
    assert.equal(
      explainedInLines(all),
      ['mode: "block" is no mode.', '  Allowed: "enforce" or "audit".', '  Fix: Write "enforce".'].join("\n"),
    );
  });

  it("stand below what has them, with their number", () => {
    const what = "It is empty.";
    assert.equal(explainedTogether("The file", [{ what }]), "The file has one problem.\n\nIt is empty.");
    assert.match(
      explainedTogether("The file", [{ what }, all]),
      /^The file has 2 problems\.\n\nIt is empty\.\n\nmode: /,
    );
  });
});
