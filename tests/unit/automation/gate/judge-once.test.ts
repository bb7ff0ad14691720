import assert from "node:assert/strict";
import { judgeOnce } from "../../../../automation/operations/gate/judge-once";
import { imageSubject, type Subject } from "../../../../verifier/src/verification/subject";
import { verdictOf } from "../../../support/launch";
import { DIGEST, OTHER_DIGEST } from "../../../support/launch-events";

const APP = "registry.example.com/app";

function subject(image: string, digest?: string, container = "web"): Subject {
  return imageSubject({ container, image, digest, hasStarted: false });
}

/** How many of these subjects are judged. */
async function judged(...subjects: readonly Subject[]): Promise<number> {
  let count = 0;
  const judge = judgeOnce(async () => {
    count += 1;
    return verdictOf();
  });
  await Promise.all(subjects.map(judge));
  return count;
}

describe("judging each digest once", () => {
  it("one digest of a repository, under whatever tag, in whatever container", async () => {
    const same = [subject(`${APP}:1`, DIGEST), subject(`${APP}:2`, DIGEST, "proxy"), subject(`${APP}@${DIGEST}`)];

    assert.equal(await judged(...same), 1);
  });

  it("not another digest, another repository, a tag, or what ECS reports oddly", async () => {
    const odd = imageSubject({ container: "web", image: `${APP}:1`, oddDigest: '"x"', hasStarted: false });

    assert.equal(await judged(subject(`${APP}:1`, DIGEST), subject(`${APP}:1`, OTHER_DIGEST)), 2);
    assert.equal(await judged(subject(`${APP}:1`, DIGEST), subject(`${APP}2:1`, DIGEST)), 2);
    assert.equal(
      await judged(subject(`${APP}:1`), subject(`${APP}:2`), subject(`${APP}:1`, DIGEST), subject(`${APP}:1`)),
      3,
    );
    assert.equal(await judged(odd, odd, subject("::"), subject("::")), 4);
  });

  it("names the image that was asked about", async () => {
    const judge = judgeOnce(async () => verdictOf({ reference: `${APP}:1@${DIGEST}` }));

    await judge(subject(`${APP}:1`, DIGEST));
    const { reference } = await judge(subject(`${APP}:2`, DIGEST));

    assert.equal(reference, `${APP}:2@${DIGEST}`);
  });
});
