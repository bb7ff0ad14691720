import assert from "node:assert/strict";
import fc from "fast-check";
import { parseEffectiveTime } from "../../../cli/images/effective-time";
import { parseJob, parseProfileVersion } from "../../../cli/images/revocation-target";
import { UsageError } from "../../../cli/lib/errors";

const JOB = "arn:aws:signer:eu-west-1:111122223333:/signing-jobs/0b4b1b8e-1f0c-4a52-9d5e-6a5f0e0f3c11";
const VERSION = "arn:aws-us-gov:signer:us-gov-west-1:111122223333:/signing-profiles/release/abcdefghij";

describe("the target of a revocation", () => {
  it("takes region and owner of a job from its ARN", () => {
    assert.deepEqual(parseJob(JOB, undefined), {
      kind: "job",
      region: "eu-west-1",
      jobId: "0b4b1b8e-1f0c-4a52-9d5e-6a5f0e0f3c11",
      owner: "111122223333",
    });
  });

  it("takes the region of a bare id from elsewhere, and asks for it if there is none", () => {
    assert.deepEqual(parseJob("abc", "eu-west-1"), { kind: "job", region: "eu-west-1", jobId: "abc" });
    assert.throws(() => parseJob("abc", undefined), /region of the signing job is not known.*AWS_REGION/);
  });

  it("takes a version of a profile apart, in any partition", () => {
    const { region, account, name, version } = parseProfileVersion(VERSION, undefined);

    assert.deepEqual([region, account, name, version], ["us-gov-west-1", "111122223333", "release", "abcdefghij"]);
  });

  for (const text of [
    "",
    "a b",
    "../x",
    `${JOB}/x`,
    JOB.replace("jobs", "job"),
    JOB.replace("signer", "s3"),
    JOB.replace("111122223333", "1"),
    JOB.replace(":/signing", ":signing"),
    `${JOB}\n`,
  ]) {
    it(`refuses ${JSON.stringify(text)} as a job`, () => {
      assert.throws(() => parseJob(text, "eu-west-1"), UsageError);
    });
  }

  it("fails with nothing but an error for the user, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((end) => `arn:aws:signer:eu-west-1:${end}`),
        ),
        (text) => {
          for (const parse of [parseJob, parseProfileVersion]) {
            try {
              parse(text, "eu-west-1");
            } catch (error) {
              assert.ok(error instanceof UsageError);
            }
          }
        },
      ),
    );
  });
});

describe("the effective time of a revocation", () => {
  const now = new Date("2026-06-15T12:00:00.500Z");

  it("is in whole seconds, and may be now", () => {
    assert.equal(parseEffectiveTime(now.toISOString(), now).toISOString(), "2026-06-15T12:00:00.000Z");
    assert.equal(parseEffectiveTime("2026-06-15T12:00:00+02:00", now).toISOString(), "2026-06-15T10:00:00.000Z");
  });

  for (const text of ["now", "2026-06-15", "2026-06-15T12:00:00", "1d", "2026-13-01T00:00:00Z", ""]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseEffectiveTime(text, now), /time with its offset, such as 2026-06-15T12:00:00Z/);
    });
  }

  it("refuses the future, and says what time it is", () => {
    assert.throws(() => parseEffectiveTime("2026-06-15T12:00:01Z", now), /future; it is 2026-06-15T12:00:00\.500Z now/);
  });
});
