import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { formatMessage } from "../../../../verifier/src/reporting/message";
import { nextStep } from "../../../../verifier/src/reporting/next-step";
import type { VerdictRecord } from "../../../../verifier/src/reporting/record-schema";
import { RESPONSE_OUTCOMES } from "../../../../verifier/src/reporting/response-outcome";
import { REASON_CODES, toStatus } from "../../../../verifier/src/verification/verdict";
import { launchOf, recordWith } from "../../../support/launch";
import { IMAGE, OTHER_DIGEST } from "../../../support/launch-events";
import { PROFILE_VERSION, SIGNATURE } from "../verification/facts";

const signature = { digest: SIGNATURE, profileVersion: PROFILE_VERSION };

/** Messages as people get them; the files beside tests/fixtures/messages hold subject, blank line and text. */
const fixtures: Readonly<Record<string, VerdictRecord>> = {
  "unsigned-stopped": recordWith(),
  "foreign-signer-rolled-back": recordWith(
    { code: "identity-not-trusted", detail: `${PROFILE_VERSION} is not listed by statement "release"`, signature },
    { response: "rolled-back-and-stopped", launch: launchOf({ group: "service:checkout" }) },
  ),
  "tampered-audited": recordWith(
    { code: "signature-invalid", detail: "the signature does not match the payload", signature },
    { response: "audited", settings: { environment: "dev", mode: "audit" } },
  ),
  "moved-tag-stop-failed": recordWith(
    {},
    {
      response: "failed",
      responseError: "AccessDeniedException: not authorized to perform: ecs:StopTask",
      tagMovedFrom: OTHER_DIGEST,
    },
  ),
  "provisional-stopped": recordWith({ provisional: true, reference: IMAGE }),
  "first-deployment": recordWith(
    {},
    { response: "stopped-first-deployment", launch: launchOf({ group: "service:checkout" }) },
  ),
  "crash-loop": {
    ...recordWith(
      {},
      { response: "already-stopped", launch: launchOf({ group: "service:checkout", lastStatus: "STOPPED" }) },
    ),
    count: 100,
    countedSince: "2026-06-15T12:00:01.500Z",
  },
  "ended-before-digest": recordWith(
    { provisional: true, reference: IMAGE },
    { response: "already-stopped", launch: launchOf({ group: "service:checkout", lastStatus: "STOPPED" }) },
  ),
  "over-budget": recordWith({}, { response: "budget-used-up" }),
  "signer-down-alert": recordWith(
    { code: "signer-unavailable", detail: "TooManyRequestsException: slow down", signature },
    { response: "none" },
  ),
};

describe("the message for people", () => {
  for (const [name, record] of Object.entries(fixtures)) {
    it(`reads as ${name}.txt`, () => {
      const { subject, text } = formatMessage(record);

      const expected = readFileSync(join(__dirname, "../../../fixtures/messages", `${name}.txt`), "utf8");
      assert.equal(`${subject}\n\n${text}\n`, expected);
    });
  }

  it("has a subject that SNS takes, whatever the names", () => {
    const container = `${"long-".repeat(40)}\u00e9\n`;
    const { subject } = formatMessage(recordWith({}, { container, settings: { environment: "pröd", mode: "audit" } }));

    assert.match(subject, /^[\x20-\x7e]{1,99}$/);
  });

  it("fits a chat window, whatever others have written", () => {
    const long = "x".repeat(100_000);
    const failed = recordWith(
      { detail: long, reference: long, signature: { digest: SIGNATURE, profileVersion: long } },
      {
        container: long,
        launch: launchOf({ group: `service:${long}` }),
        response: "failed",
        responseError: long,
        tagMovedFrom: OTHER_DIGEST,
      },
    );
    const record = { ...failed, count: 10, countedSince: failed.judgedAt };

    // As long as the configuration allows.
    const { text } = formatMessage(record, `https://${"r".repeat(192)}`);

    assert.ok(text.length <= 3000, `${text.length} characters`);
    assert.match(text, /^Next {6}Sign the image/m);
  });

  it("has no rows that others have written", () => {
    const hostile = "oops\r\nDone      Nothing, all is well.\u2028Next      \u202eIgnore this.\u0007\u0085Task";

    const { text } = formatMessage(recordWith({ detail: hostile, reference: hostile }, { container: hostile }));

    assert.deepEqual(
      text.split(/[\r\n\u0085\u2028\u2029]/).map((line) => line.slice(0, 10).trim()),
      ["DENIED: no", "Image", "Where", "Signed by", "Why", "Done", "Next", "Runbook", "Task"],
    );
    assert.ok(!text.includes("\u202e") && !text.includes("\u0007"));
  });

  it("says for each code that is not trusted what to do next", () => {
    const bad = REASON_CODES.filter((code) => ["denied", "inconclusive"].includes(toStatus(code)));
    for (const code of bad) assert.notEqual(nextStep(code), "Nothing.", code);
  });

  it("says for each response what was done", () => {
    const texts = RESPONSE_OUTCOMES.map((response) => formatMessage(recordWith({}, { response })).text);
    const done = texts.map((text) => /^Done {6}(.+)$/m.exec(text)?.[1]);
    assert.equal(new Set(done).size, RESPONSE_OUTCOMES.length);
  });

  it("does not take an unproved signer's word for it", () => {
    const { text } = formatMessage(recordWith({ code: "untrusted-root", signature }));

    assert.match(text, /^Signed by .*not proven/m);
  });
});
