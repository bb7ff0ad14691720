import assert from "node:assert/strict";
import { toRunningTask } from "../../../../verifier/src/sweep/running-task";

const HEAD = "arn:aws:ecs:eu-west-1:111122223333";
const DIGEST = `sha256:${"a".repeat(64)}`;
const TASK = {
  taskArn: `${HEAD}:task/shop/1`,
  taskDefinitionArn: `${HEAD}:task-definition/web:1`,
  clusterArn: `${HEAD}:cluster/shop`,
  lastStatus: "RUNNING",
};
const WEB = { name: "web", image: "app:v1", imageDigest: DIGEST, runtimeId: "1", lastStatus: "RUNNING" };

describe("a running task", () => {
  it("has its containers that run or will, with what ECS says of them", () => {
    const ended = { ...WEB, name: "init", lastStatus: "STOPPED" };
    const coming = { name: "proxy", image: "proxy:v1", lastStatus: "PENDING" };

    const task = toRunningTask({ ...TASK, group: "service:web", containers: [WEB, ended, coming] });

    assert.deepEqual(task, {
      taskArn: TASK.taskArn,
      taskDefinitionArn: TASK.taskDefinitionArn,
      clusterArn: TASK.clusterArn,
      group: "service:web",
      containers: [WEB, coming],
    });
  });

  it("has nothing where the API writes an empty text, and keeps an odd digest apart", () => {
    const [empty, odd] = [
      { ...WEB, image: "", imageDigest: "", runtimeId: "" },
      { ...WEB, imageDigest: "md5:1" },
    ];

    const task = toRunningTask({ ...TASK, group: "", containers: [empty, odd] });

    assert.equal(task?.group, undefined);
    assert.deepEqual(task?.containers, [
      { name: "web", lastStatus: "RUNNING" },
      { name: "web", image: "app:v1", runtimeId: "1", oddDigest: '"md5:1"', lastStatus: "RUNNING" },
    ]);
  });

  it("is none after it has ended", () => {
    for (const lastStatus of ["STOPPED", "DELETED"]) {
      assert.equal(toRunningTask({ ...TASK, lastStatus, containers: [WEB] }), undefined);
    }
  });

  it("is an error if ECS says too little to judge it", () => {
    assert.throws(() => toRunningTask({ ...TASK, taskDefinitionArn: undefined }), /without its ARNs: \S+shop\/1/);
    assert.throws(() => toRunningTask({ ...TASK, containers: [{ ...WEB, name: undefined }] }), /without its name/);
  });
});
