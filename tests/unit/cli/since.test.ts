import assert from "node:assert/strict";
import { parseSince } from "../../../cli/launches/since";

const NOW = new Date("2026-06-15T12:00:00Z");

describe("--since", () => {
  const times: readonly (readonly [string, string])[] = [
    ["90s", "2026-06-15T11:58:30.000Z"],
    ["15m", "2026-06-15T11:45:00.000Z"],
    ["2h", "2026-06-15T10:00:00.000Z"],
    ["7d", "2026-06-08T12:00:00.000Z"],
    ["999999w", "1970-01-01T00:00:00.000Z"],
    ["2026-06-14", "2026-06-14T00:00:00.000Z"],
    ["2026-06-15T12:00:00+02:00", "2026-06-15T10:00:00.000Z"],
  ];
  for (const [text, time] of times) {
    it(`${text} is ${time}`, () => assert.equal(parseSince(text, NOW).toISOString(), time));
  }

  for (const text of ["", "1", "h", "-1h", "1.5h", "yesterday", "2026-06-15T10:00:00", "2026-02-30", "1h "]) {
    it(`refuses ${JSON.stringify(text)}, and says what is allowed`, () => {
      assert.throws(() => parseSince(text, NOW), /30m, 2h or 7d, or a time like 2026-06-15T12:00:00Z/);
    });
  }

  it("refuses the future", () => {
    assert.throws(
      () => parseSince("2026-06-15T12:00:01Z", NOW),
      /must not be in the future; it is 2026-06-15T12:00:00/,
    );
  });
});
