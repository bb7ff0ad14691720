import assert from "node:assert/strict";
import type { Task } from "@aws-sdk/client-ecs";
import { toRunningTask } from "../../../../verifier/src/sweep/running-task";

const HEAD = "arn:aws:ecs:eu-west-1:111122223333";
const DIGEST = `sha256:${"a".repeat(64)}`;
const TASK = {
  taskArn: `${HEAD}:task/shop/1`,
  taskDefinitionArn: `${HEAD}:task-definition/web:1`,
  clusterArn: `${HEAD}:cluster/shop`,
  lastStatus: "RUNNING",
  desiredStatus: "RUNNING",
  version: 7,
  createdAt: new Date("2026-06-01T00:00:00Z"),
};
const WEB = { name: "web", image: "app:v1", imageDigest: DIGEST, runtimeId: "1", lastStatus: "RUNNING" };

const NOW = new Date("2026-06-15T12:00:00Z");
const toRunning = (task: Task) => toRunningTask(task, NOW);

describe("a running task", () => {
  it("has its containers that run or will, with what ECS says of them", () => {
    const ended = { ...WEB, name: "init", lastStatus: "STOPPED" };
    const coming = { name: "proxy", image: "proxy:v1", lastStatus: "PENDING" };

    const task = toRunning({ ...TASK, group: "service:web", containers: [WEB, ended, coming] });

    assert.deepEqual(task, {
      taskArn: TASK.taskArn,
      taskDefinitionArn: TASK.taskDefinitionArn,
      clusterArn: TASK.clusterArn,
      region: "eu-west-1",
      account: "111122223333",
      group: "service:web",
      lastStatus: "RUNNING",
      desiredStatus: "RUNNING",
      version: 7,
      createdAt: new Date("2026-06-01T00:00:00Z"),
      eventTime: NOW,
      containers: [WEB, coming],
    });
  });

  it("is taken to be new if ECS does not say when it was created", () => {
    const startedAt = new Date("2026-06-02T00:00:00Z");

    assert.equal(toRunning({ ...TASK, createdAt: undefined, startedAt })?.createdAt, startedAt);
    assert.equal(toRunning({ ...TASK, createdAt: undefined })?.createdAt, NOW);
  });

  it("has nothing where the API writes an empty text, and keeps an odd digest apart", () => {
    const [empty, odd] = [
      { ...WEB, image: "", imageDigest: "", runtimeId: "" },
      { ...WEB, imageDigest: "md5:1" },
    ];

    const task = toRunning({ ...TASK, group: "", containers: [empty, odd] });

    assert.equal(task?.group, undefined);
    assert.deepEqual(task?.containers, [
      { name: "web", lastStatus: "RUNNING" },
      { name: "web", image: "app:v1", runtimeId: "1", oddDigest: '"md5:1"', lastStatus: "RUNNING" },
    ]);
  });

  it("is none after it has ended", () => {
    for (const lastStatus of ["STOPPED", "DELETED"]) {
      assert.equal(toRunning({ ...TASK, lastStatus, containers: [WEB] }), undefined);
    }
  });

  it("is an error if ECS says too little to judge it", () => {
    assert.throws(() => toRunning({ ...TASK, taskDefinitionArn: undefined }), /without its ARNs: \S+shop\/1/);
    assert.throws(() => toRunning({ ...TASK, containers: [{ ...WEB, name: undefined }] }), /without its name/);
  });
});
