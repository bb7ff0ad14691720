import assert from "node:assert/strict";
import { groupImages, type RunningContainer } from "../../../../verifier/src/sweep/group-images";
import { imageSubject, type Subject } from "../../../../verifier/src/verification/subject";

const DIGEST = `sha256:${"a".repeat(64)}`;
const OTHER = `sha256:${"b".repeat(64)}`;
let number = 0;

function running(subject: Subject): RunningContainer {
  number += 1;
  return { taskArn: `arn:task/${number}`, clusterArn: "arn:cluster/shop", subject };
}

function runs(image: string | undefined, digest?: string, container = "web"): RunningContainer {
  return running(imageSubject({ container, image, digest, hasStarted: true }));
}

/** How many containers each group has. */
function sizes(...containers: readonly RunningContainer[]): readonly number[] {
  return groupImages(containers).map((group) => group.containers.length);
}

describe("grouping running containers by image", () => {
  it("puts a digest of a repository into one group, by whatever tag and container it runs", () => {
    const groups = groupImages([
      runs("example.com/app:v1", DIGEST),
      runs("example.com/app:v2", DIGEST, "job"),
      runs(`example.com/app@${DIGEST}`),
    ]);

    assert.deepEqual(
      groups.map(({ repository, containers }) => [repository, containers.length]),
      [["example.com/app", 3]],
    );
  });

  it("keeps apart digests, repositories, and two names of one registry", () => {
    const ecr = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/app";
    const dualStack = "111122223333.dkr-ecr.eu-west-1.on.aws/app";

    assert.deepEqual(sizes(runs("app", DIGEST), runs("app", OTHER), runs("other", DIGEST)), [1, 1, 1]);
    assert.deepEqual(sizes(runs(ecr, DIGEST), runs(dualStack, DIGEST)), [1, 1]);
  });

  it("groups what has no digest by all that is known of it", () => {
    const coming = running(imageSubject({ container: "web", image: "app:v1", hasStarted: false }));
    const odd = running(imageSubject({ container: "web", image: "app:v1", oddDigest: '"md5:1"', hasStarted: true }));

    assert.deepEqual(sizes(runs("app:v1"), runs("app:v1"), runs("app:v2"), coming, odd), [2, 1, 1, 1]);
    assert.deepEqual(sizes(runs(undefined), runs("UPPER//x"), runs(undefined)), [2, 1]);
  });

  it("never mixes what AWS added with an image, nor with what could not be told", () => {
    const injected = running({ kind: "aws-injected", container: "aws-guardduty-agent-1", digest: DIGEST });
    const again = running({ kind: "aws-injected", container: "aws-guardduty-agent-2", digest: DIGEST });
    const open = running({ kind: "undetermined", container: "aws-guardduty-agent-3", error: "throttled" });

    const groups = groupImages([injected, again, open, runs("app", DIGEST)]);

    assert.deepEqual(
      groups.map(({ subject, containers, repository }) => [subject.kind, containers.length, repository]),
      [
        ["aws-injected", 2, undefined],
        ["undetermined", 1, undefined],
        ["image", 1, "docker.io/library/app"],
      ],
    );
  });
});
