import assert from "node:assert/strict";
import { ECSClient } from "@aws-sdk/client-ecs";
import { type LocalAws, startAws } from "../../../../local/aws";
import { type AwsAnswers, AwsRefusal } from "../../../../local/aws-answers";
import { isClusterGone, LISTING_CALLS, listRunningTasks } from "../../../../verifier/src/sweep/list-running";
import { clientOf } from "../../../aws/support/account";
import { type PlayedTask, runningTasks } from "../../../support/running-tasks";

const TASK: PlayedTask = { containers: [{ name: "web", image: "app:v1" }] };

describe("listing what runs in a cluster", function () {
  this.timeout(20_000);
  const played = runningTasks("arn:aws:ecs:eu-west-1:111122223333");
  let more: AwsAnswers = {};
  let aws: LocalAws;
  let ecs: ECSClient;

  before(async () => {
    const names = ["ECS.ListTasks", "ECS.DescribeTasks"];
    const either = names.map((name) => [name, (input: object) => (more[name] ?? played.answers[name])?.({ ...input })]);
    aws = await startAws({ ...played.answers, ...Object.fromEntries(either) });
    ecs = new ECSClient({ ...clientOf(aws.address), ...LISTING_CALLS });
  });
  beforeEach(() => {
    played.clear();
    more = {};
  });
  after(async () => {
    ecs.destroy();
    await aws.close();
  });

  async function list(cluster: string) {
    const tasks = [];
    for await (const page of listRunningTasks(ecs, { cluster })) tasks.push(...page);
    return tasks;
  }

  it("reads every page, and describes a hundred tasks a call", async () => {
    const arn = played.put("shop", Array(250).fill(TASK));

    const tasks = await list(arn);

    assert.equal(new Set(tasks.map(({ taskArn }) => taskArn)).size, 250);
    const described = aws.calls("ECS.DescribeTasks").map(({ input }) => (input.tasks as string[]).length);
    assert.deepEqual(described, [100, 100, 50]);
  });

  it("leaves out what has ended since it was listed", async () => {
    played.put("shop", [TASK, { ...TASK, isGone: true }, { ...TASK, lastStatus: "STOPPED" }, TASK]);

    assert.equal((await list("shop")).length, 2);
  });

  it("tries a page again that is throttled, and loses none", async () => {
    played.put("shop", Array(250).fill(TASK));
    let calls = 0;
    const throttle: AwsAnswers[string] = (input) => {
      calls += 1;
      if (calls % 2 === 1) throw new AwsRefusal("ThrottlingException", "Rate exceeded");
      return played.answers["ECS.DescribeTasks"]?.(input);
    };
    more = { "ECS.DescribeTasks": throttle };

    assert.equal((await list("shop")).length, 250);
    assert.equal(calls, 6);
  });

  it("fails rather than leave out a task that ECS does not describe", async () => {
    played.put("shop", [TASK]);
    more = { "ECS.DescribeTasks": () => ({ tasks: [], failures: [] }) };
    await assert.rejects(list("shop"), /ECS does not describe arn:\S+task\/shop\/0+: no reason$/);

    more = {
      "ECS.DescribeTasks": ({ tasks }) => ({
        tasks: [],
        failures: [{ arn: (tasks as string[])[0], reason: "ACCESS", detail: "no" }],
      }),
    };
    await assert.rejects(list("shop"), /: ACCESS no$/);
  });

  it("says of a cluster that it is gone", async () => {
    await assert.rejects(list("lost"), isClusterGone);
    assert.ok(!isClusterGone(new Error("other")));
  });
});
