import assert from "node:assert/strict";
import { parseLaunchEvent } from "../../../../verifier/src/ecs/event";
import type { Launch, LaunchContainer } from "../../../../verifier/src/ecs/launch";
import { listSubjects, subjectsGiven } from "../../../../verifier/src/ecs/subjects";
import type { Subject } from "../../../../verifier/src/verification/subject";
import { type EventName, readEvent } from "../../../fixtures/ecs/read";

const DIGEST = `sha256:${"a".repeat(64)}`;
const OTHER_DIGEST = `sha256:${"b".repeat(64)}`;
const IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web";

function launchOf(...containers: LaunchContainer[]): Launch {
  return { ...parseLaunchEvent(readEvent("running-ec2")), containers };
}

function subjectOf(container: Partial<LaunchContainer>, names: readonly string[] = ["web"]): Subject {
  const [subject] = subjectsGiven(launchOf({ name: "web", lastStatus: "RUNNING", ...container }), new Set(names));
  assert.ok(subject !== undefined);
  return subject;
}

function noLookup(): Promise<ReadonlySet<string>> {
  assert.fail("the task definition was asked for");
}

describe("the digest of a subject", () => {
  it("is the reported one, which wins over the reference's", () => {
    const subject = subjectOf({ image: `${IMAGE}:1@${OTHER_DIGEST}`, imageDigest: DIGEST });

    assert.deepEqual(subject, {
      kind: "image",
      container: "web",
      image: `${IMAGE}:1@${OTHER_DIGEST}`,
      digest: DIGEST,
      basis: "reported",
    });
  });

  it("is the reference's when none is reported, whatever the status", () => {
    for (const lastStatus of ["PENDING", "RUNNING", "STOPPED"]) {
      const subject = subjectOf({ image: `${IMAGE}:1@${DIGEST}`, lastStatus });

      assert.deepEqual(subject, {
        kind: "image",
        container: "web",
        image: `${IMAGE}:1@${DIGEST}`,
        digest: DIGEST,
        basis: "reference",
      });
    }
  });

  it("is unreported where the reported one is odd, whatever the status and the reference say", () => {
    for (const lastStatus of ["PENDING", "RUNNING", "STOPPED"]) {
      const image = `${IMAGE}:1@${DIGEST}`;

      assert.deepEqual(subjectOf({ image, oddDigest: '"sha384:ab"', lastStatus }), {
        kind: "image",
        container: "web",
        image,
        oddDigest: '"sha384:ab"',
        basis: "unreported",
      });
    }
  });

  const undetermined: [string, Partial<LaunchContainer>, "tag" | "unreported"][] = [
    ["PROVISIONING: still to be reached through the tag", { lastStatus: "PROVISIONING" }, "tag"],
    ["PENDING: still to be reached through the tag", { lastStatus: "PENDING" }, "tag"],
    ["PENDING, already made by the runtime: still the tag", { lastStatus: "PENDING", runtimeId: "r" }, "tag"],
    ["ACTIVATING: still to be reached through the tag", { lastStatus: "ACTIVATING" }, "tag"],
    ["RUNNING: unreported", { lastStatus: "RUNNING" }, "unreported"],
    ["STOPPED after it ran: unreported", { lastStatus: "STOPPED", runtimeId: "r" }, "unreported"],
    ["STOPPED because it could not be pulled: the tag", { lastStatus: "STOPPED" }, "tag"],
  ];
  for (const [what, container, basis] of undetermined) {
    it(`with only a tag, ${what}`, () => {
      assert.deepEqual(subjectOf({ image: `${IMAGE}:1`, ...container }), {
        kind: "image",
        container: "web",
        image: `${IMAGE}:1`,
        basis,
      });
    });
  }

  it("is not looked for in a reference that cannot be parsed", () => {
    const subject = subjectOf({ image: `UPPER CASE@${DIGEST}`, lastStatus: "PENDING" });

    assert.deepEqual(subject, { kind: "image", container: "web", image: `UPPER CASE@${DIGEST}`, basis: "tag" });
  });
});

describe("containers that AWS adds", () => {
  for (const name of ["aws-guardduty-agent-nm40lC", "ecs-service-connect-uJh7Z"]) {
    it(`${name} is one: no image, and not in the task definition`, () => {
      assert.deepEqual(subjectOf({ name }), { kind: "aws-injected", container: name });
    });

    it(`${name} is an ordinary subject if the task definition has it`, () => {
      const subject = subjectOf({ name, imageDigest: DIGEST }, ["web", name]);

      assert.deepEqual(subject, { kind: "image", container: name, digest: DIGEST, basis: "reported" });
    });

    it(`${name} is an ordinary subject if it has an image`, () => {
      const subject = subjectOf({ name, image: `${IMAGE}:1`, imageDigest: DIGEST });

      assert.equal(subject.kind, "image");
    });
  }

  const lookAlikes = [
    "web",
    "aws-guardduty-agent",
    "aws-guardduty-agent-",
    "aws-guardduty-agent-nm40lC-x",
    "my-aws-guardduty-agent-nm40lC",
    "AWS-guardduty-agent-nm40lC",
    "aws-guardduty-agent-nm40lC\n",
    "ecs-service-connect_uJh7Z",
    `ecs-service-connect-${"x".repeat(33)}`,
  ];
  for (const name of lookAlikes) {
    it(`${JSON.stringify(name)} is not one`, () => {
      assert.equal(subjectOf({ name }).kind, "image");
    });
  }

  it("keep the digest that ECS reports, for the record", () => {
    const name = "aws-guardduty-agent-nm40lC";

    assert.deepEqual(subjectOf({ name, imageDigest: DIGEST }), {
      kind: "aws-injected",
      container: name,
      digest: DIGEST,
    });
  });

  it("are undetermined if the task definition cannot be asked, while the others are judged", async () => {
    const launch = parseLaunchEvent(readEvent("running-service-connect"));

    const subjects = await listSubjects(launch, {
      containerNames: () => Promise.reject(new Error("ThrottlingException: Rate exceeded")),
    });

    assert.deepEqual(
      subjects.map(({ kind }) => kind),
      ["image", "undetermined"],
    );
    assert.deepEqual(subjects[1], {
      kind: "undetermined",
      container: "ecs-service-connect-uJh7Z",
      error: "ThrottlingException: Rate exceeded",
    });
  });
});

describe("subjectsOf", () => {
  const withoutLookup: EventName[] = ["provisioning-fargate", "pending-ec2-bridge", "running-ec2"];
  for (const name of withoutLookup) {
    it(`does not ask for the task definition: ${name}`, async () => {
      const launch = parseLaunchEvent(readEvent(name));

      const subjects = await listSubjects(launch, { containerNames: noLookup });

      assert.equal(subjects.length, launch.containers.length);
    });
  }

  it("does not ask for the task definition because of a look-alike that has an image", async () => {
    const launch = launchOf({ name: "aws-guardduty-agent-nm40lC", image: IMAGE, lastStatus: "PENDING" });

    const subjects = await listSubjects(launch, { containerNames: noLookup });

    assert.equal(subjects[0]?.kind, "image");
  });

  it("asks once for the launch's own task definition", async () => {
    const launch = launchOf(
      { name: "aws-guardduty-agent-nm40lC", lastStatus: "RUNNING" },
      { name: "ecs-service-connect-uJh7Z", lastStatus: "RUNNING" },
    );
    const asked: string[] = [];

    const subjects = await listSubjects(launch, {
      containerNames: async (arn) => {
        asked.push(arn);
        return new Set(["web"]);
      },
    });

    assert.deepEqual(asked, [launch.taskDefinitionArn]);
    assert.ok(subjects.every(({ kind }) => kind === "aws-injected"));
  });

  it("tells the digests of a launch at PROVISIONING", async () => {
    const launch = parseLaunchEvent(readEvent("provisioning-fargate"));

    const subjects = await listSubjects(launch, { containerNames: noLookup });

    assert.deepEqual(
      subjects.map((subject) => subject.kind === "image" && subject.basis),
      ["tag", "reference"],
    );
  });

  it("tells the digests of a running Fargate launch with GuardDuty", async () => {
    const launch = parseLaunchEvent(readEvent("running-fargate-guardduty"));

    const subjects = await listSubjects(launch, { containerNames: async () => new Set(["web", "aws-otel-collector"]) });

    assert.deepEqual(
      subjects.map((subject) => (subject.kind === "image" ? subject.basis : subject.kind)),
      ["reported", "aws-injected", "reported"],
    );
  });
});
