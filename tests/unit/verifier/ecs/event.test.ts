import assert from "node:assert/strict";
import { EventMalformedError, parseLaunchEvent } from "../../../../verifier/src/ecs/event";
import { readEvent, type TaskEvent } from "../../../fixtures/ecs/read";

function problemsOf(event: unknown): readonly string[] {
  try {
    parseLaunchEvent(event);
  } catch (error) {
    assert.ok(error instanceof EventMalformedError, String(error));
    return error.problems;
  }
  assert.fail("the event was accepted");
}

describe("parseLaunchEvent, documented events", () => {
  it("reads a Fargate task at PROVISIONING, before any digest or runtime id is known", () => {
    const launch = parseLaunchEvent(readEvent("provisioning-fargate"));

    assert.equal(launch.lastStatus, "PROVISIONING");
    assert.equal(launch.version, 1);
    assert.deepEqual(
      launch.containers.map(({ name, lastStatus }) => [name, lastStatus]),
      [
        ["web", "PENDING"],
        ["proxy", "PENDING"],
      ],
    );
    assert.ok(launch.containers.every((container) => !("imageDigest" in container) && !("runtimeId" in container)));
  });

  it("reads an EC2 task in bridge mode at PENDING, where one digest is reported early", () => {
    const launch = parseLaunchEvent(readEvent("pending-ec2-bridge"));

    assert.equal(launch.launchType, "EC2");
    assert.equal(launch.startedBy, "nightly-batch");
    assert.deepEqual(
      launch.containers.map(({ imageDigest }) => imageDigest !== undefined),
      [true, false],
    );
  });

  it("reads all of a running Fargate task with a GuardDuty agent", () => {
    const launch = parseLaunchEvent(readEvent("running-fargate-guardduty"));

    const task = "59b7033250d9648a954667a1132dbd48";
    assert.deepEqual(launch, {
      taskArn: `arn:aws:ecs:eu-west-1:111122223333:task/orders/${task}`,
      taskDefinitionArn: "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:12",
      clusterArn: "arn:aws:ecs:eu-west-1:111122223333:cluster/orders",
      account: "111122223333",
      region: "eu-west-1",
      group: "family:web",
      launchType: "FARGATE",
      lastStatus: "RUNNING",
      desiredStatus: "RUNNING",
      version: 3,
      createdAt: new Date("2026-03-02T08:15:13.877Z"),
      eventTime: new Date("2026-03-02T08:15:34Z"),
      containers: [
        {
          name: "web",
          image: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1.4.0",
          imageDigest: "sha256:53858e30d8b96aa4f528e28131bf1d5735896789855a13d10a1e2d4e8f5967ba",
          runtimeId: `${task}-0265927825`,
          lastStatus: "RUNNING",
        },
        {
          name: "aws-guardduty-agent-nm40lC",
          imageDigest: "sha256:57122b361dee3d42867e273e1f999644190e74ef260b675e0da7367839c924ff",
          runtimeId: `${task}-2098416933`,
          lastStatus: "RUNNING",
        },
        {
          name: "aws-otel-collector",
          image: "public.ecr.aws/aws-observability/aws-otel-collector:v0.32.0",
          imageDigest: "sha256:154bdd737b5353f3be76ac1679f98e4c85a6317bde0361b67a0eae68a56e09f4",
          runtimeId: `${task}-4027662657`,
          lastStatus: "RUNNING",
        },
      ],
    });
  });

  it("reads a running EC2 task", () => {
    const launch = parseLaunchEvent(readEvent("running-ec2"));

    assert.equal(launch.launchType, "EC2");
    assert.equal(launch.version, 4);
    assert.ok(launch.containers.every(({ runtimeId }) => runtimeId?.length === 64));
  });

  it("reads a task of a service with the Service Connect proxy, which has neither image nor digest nor runtime id", () => {
    const launch = parseLaunchEvent(readEvent("running-service-connect"));

    assert.equal(launch.group, "service:api");
    assert.equal(launch.startedBy, "ecs-svc/3141592653589793238");
    assert.deepEqual(launch.containers[1], { name: "ecs-service-connect-uJh7Z", lastStatus: "RUNNING" });
  });
});

describe("parseLaunchEvent, what may differ", () => {
  function changed(change: (event: TaskEvent) => void): TaskEvent {
    const event = readEvent("running-fargate-guardduty");
    change(event);
    return event;
  }

  it("tolerates fields that it does not know, at every level", () => {
    const event = changed((e) => {
      e.newField = { a: 1 };
      e.detail.newField = null;
      for (const container of e.detail.containers) container.newField = [];
    });

    assert.deepEqual(parseLaunchEvent(event), parseLaunchEvent(readEvent("running-fargate-guardduty")));
  });

  it("takes null and empty text for absent in the optional fields", () => {
    const event = changed((e) => {
      Object.assign(e.detail, { group: null, startedBy: "", launchType: null });
      e.detail.containers = [{ name: "web", lastStatus: "PENDING", image: null, imageDigest: "", runtimeId: null }];
    });

    const launch = parseLaunchEvent(event);

    assert.ok(!("group" in launch) && !("startedBy" in launch) && !("launchType" in launch));
    assert.deepEqual(launch.containers, [{ name: "web", lastStatus: "PENDING" }]);
  });

  it("accepts a launch type and statuses that ECS may add", () => {
    const event = changed((e) => Object.assign(e.detail, { launchType: "ORBITAL", lastStatus: "WARMING" }));

    const launch = parseLaunchEvent(event);

    assert.deepEqual([launch.launchType, launch.lastStatus], ["ORBITAL", "WARMING"]);
  });

  it("accepts a task ARN without its cluster, a task definition without its revision, and other partitions", () => {
    const plain = changed((e) => {
      e.detail.taskArn = "arn:aws:ecs:eu-west-1:111122223333:task/59b7033250d9648a954667a1132dbd48";
      e.detail.taskDefinitionArn = "arn:aws:ecs:eu-west-1:111122223333:task-definition/web";
    });
    const government = JSON.parse(
      JSON.stringify(plain).replaceAll("arn:aws:", "arn:aws-us-gov:").replaceAll("eu-west-1", "us-gov-west-1"),
    );

    assert.equal(parseLaunchEvent(plain).taskArn, plain.detail.taskArn);
    assert.equal(parseLaunchEvent(government).region, "us-gov-west-1");
  });

  it("refuses events of another source or kind", () => {
    const event = changed((e) => Object.assign(e, { source: "my.app", "detail-type": "ECS Service Action" }));

    assert.deepEqual(problemsOf(event), [
      'source: must be "aws.ecs", got "my.app"',
      'detail-type: must be "ECS Task State Change", got "ECS Service Action"',
    ]);
  });

  it("refuses ARNs of another account, region or partition than the event's", () => {
    const event = changed((e) =>
      Object.assign(e.detail, {
        taskArn: "arn:aws:ecs:eu-west-1:999999999999:task/orders/1",
        taskDefinitionArn: "arn:aws-cn:ecs:eu-west-1:111122223333:task-definition/web:12",
        clusterArn: "arn:aws:ecs:us-east-1:111122223333:cluster/orders",
      }),
    );

    const must = "must have the event's account 111122223333 and region eu-west-1 and the task's partition, got";
    assert.deepEqual(problemsOf(event), [
      `detail.taskArn: ${must} "arn:aws:ecs:eu-west-1:999999999999:task/orders/1"`,
      `detail.taskDefinitionArn: ${must} "arn:aws-cn:ecs:eu-west-1:111122223333:task-definition/web:12"`,
      `detail.clusterArn: ${must} "arn:aws:ecs:us-east-1:111122223333:cluster/orders"`,
    ]);
  });

  it("names the path of every fault", () => {
    const event = changed((e) => {
      e.account = "1";
      e.time = "yesterday";
      e.detail.taskArn = "arn:aws:s3:::bucket";
      e.detail.version = "3";
      delete e.detail.createdAt;
      e.detail.containers = [{ lastStatus: "RUNNING" }];
    });

    assert.deepEqual(problemsOf(event), [
      "account: must be an account number of 12 digits",
      'time: must be an ISO 8601 time, got "yesterday"',
      'detail.taskArn: must be the ARN of an ECS task, got "arn:aws:s3:::bucket"',
      "detail.version: Invalid input: expected number, received string",
      "detail.createdAt: must be an ISO 8601 time, got undefined",
      "detail.containers[0].name: Invalid input: expected string, received undefined",
    ]);
  });

  it("keeps a digest that nobody can judge by apart, and reads the rest of the event", () => {
    for (const imageDigest of [`sha384:${"a".repeat(96)}`, "sha256:ab", `SHA256:${"a".repeat(64)}`, 7, {}]) {
      const event = changed((e) => Object.assign(e.detail.containers[0] ?? {}, { imageDigest }));

      const [odd, ...others] = parseLaunchEvent(event).containers;

      assert.equal(odd?.imageDigest, undefined);
      assert.equal(odd?.oddDigest, JSON.stringify(imageDigest));
      assert.ok(others.every((container) => container.oddDigest === undefined));
    }
  });

  it("refuses an event without containers, in which there would be nothing to deny", () => {
    const event = changed((e) => {
      e.detail.containers = [];
    });

    assert.deepEqual(problemsOf(event), ["detail.containers: must have at least one container"]);
  });

  for (const value of [undefined, null, 7, "text", [], {}]) {
    it(`refuses ${JSON.stringify(value)} with the same error`, () => {
      assert.throws(() => parseLaunchEvent(value), EventMalformedError);
    });
  }

  it("says in its message which event, what is wrong and what to send", () => {
    const event = changed((e) => Object.assign(e, { id: "abc", source: "x".repeat(200) }));

    assert.throws(() => parseLaunchEvent(event), {
      message: [
        'The event "abc" is not a usable "ECS Task State Change" of ECS:',
        `  source: must be "aws.ecs", got "${"x".repeat(119)}...`,
        'Nothing was judged. Send only events that match source "aws.ecs" and detail-type "ECS Task State Change", unchanged.',
      ].join("\n"),
    });
  });

  it("shows ten faults at most in its message", () => {
    const event = changed((e) => {
      e.detail.containers = Array.from({ length: 12 }, () => ({ lastStatus: "RUNNING" }));
    });

    assert.throws(() => parseLaunchEvent(event), /\n {2}and 2 more\n/);
  });
});
