import assert from "node:assert/strict";
import {
  CreateClusterCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
} from "@aws-sdk/client-ecs";
import { listClusters } from "../../verifier/src/ecs/clusters";
import { isClusterGone, LISTING_CALLS, listRunningTasks } from "../../verifier/src/sweep/list-running";
import type { RunningTask } from "../../verifier/src/sweep/running-task";
import { clientOf } from "./support/account";
import { useMoto } from "./support/moto";

describe("AWS: listing what runs", () => {
  const moto = useMoto();
  let ecs: ECSClient;
  const cluster = "scanned";

  before(async () => {
    ecs = new ECSClient({ ...clientOf(moto().address), ...LISTING_CALLS });
    await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
    const containerDefinitions = [{ name: "web", image: "registry.example.com/app:v1", memory: 128 }];
    await ecs.send(new RegisterTaskDefinitionCommand({ family: "scanned", containerDefinitions }));
  });
  after(() => ecs?.destroy());

  async function list(): Promise<readonly RunningTask[]> {
    const tasks: RunningTask[] = [];
    for await (const page of listRunningTasks(ecs, { cluster: cluster })) tasks.push(...page);
    return tasks;
  }

  it("finds every task of a cluster, on several pages, and none that was stopped", async () => {
    const arns: string[] = [];
    for (let call = 0; call < 13; call += 1) {
      const run = new RunTaskCommand({ cluster, taskDefinition: "scanned", launchType: "FARGATE", count: 10 });
      arns.push(...((await ecs.send(run)).tasks ?? []).map(({ taskArn = "" }) => taskArn));
    }
    const [stopped = ""] = arns;
    await ecs.send(new StopTaskCommand({ cluster, task: stopped }));

    const tasks = await list();

    assert.deepEqual(tasks.map(({ taskArn }) => taskArn).sort(), arns.slice(1).sort());
    assert.match(tasks[0]?.taskDefinitionArn ?? "", /:task-definition\/scanned:1$/);
  });

  it("finds the clusters, and says of one that it is not there", async () => {
    const clusters = await listClusters(ecs);

    assert.ok(clusters.some((arn) => arn.endsWith(`:cluster/${cluster}`)));
    await assert.rejects(async () => {
      for await (const page of listRunningTasks(ecs, { cluster: "nowhere" })) assert.fail(`${page.length} tasks`);
    }, isClusterGone);
  });
});
