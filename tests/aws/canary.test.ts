import assert from "node:assert/strict";
import { ListTasksCommand } from "@aws-sdk/client-ecs";
import { type Canary, runCanary } from "../../verifier/src/canary/run-canary";
import { type TestDetector, unsigned } from "../support/detector";
import { pendingEvent } from "../support/launch-events";
import { useAws } from "./support/scene";

describe("AWS: the canary", () => {
  const aws = useAws();

  /** A subnet of the account's default VPC, as moto makes it. The API of EC2 needs no client of its own for this. */
  async function subnet(): Promise<string> {
    const answer = await fetch(`http://${aws().address}/`, {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        authorization: "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260615/eu-west-1/ec2/aws4_request",
      },
      body: "Action=DescribeSubnets&Version=2016-11-15",
    });
    return /<subnetId>(subnet-[0-9a-f]+)</.exec(await answer.text())?.[1] ?? assert.fail("moto has no subnet");
  }

  /** A canary in the account; `elapsed` is called each time that it waits. */
  async function canaryWith(detector: TestDetector, elapsed: () => Promise<void>) {
    const { account, ecs } = aws();
    const [counted, errors]: [string[], string[]] = [[], []];
    let time = 0;
    const canary: Canary = {
      environment: {
        environment: "prod",
        cluster: account.cluster,
        taskDefinition: account.taskDefinition,
        subnets: [await subnet()],
        ledgerTable: account.resources.LEDGER_TABLE,
      },
      ecs,
      ledger: detector.ledger,
      metrics: { denied: () => void counted.push("denied"), missed: () => void counted.push("missed") },
      log: { info: () => {}, error: (message) => void errors.push(message) },
      now: () => time,
      pause: async (milliseconds) => {
        time += milliseconds;
        await elapsed();
      },
    };
    return { canary, counted, errors };
  }

  /** The task that the canary has started. */
  async function startedTask(): Promise<string> {
    const startedBy = "image-verification-canary";
    const { taskArns = [] } = await aws().ecs.send(new ListTasksCommand({ cluster: aws().account.cluster, startedBy }));
    return taskArns[0] ?? assert.fail("no task runs");
  }

  it("finds the denial that the detector has written to the ledger, in audit too, and leaves no task behind", async () => {
    const { cluster: clusterArn, taskDefinition: taskDefinitionArn } = aws().account;
    const detector = aws().detector({ mode: "audit" });
    detector.finds(() => unsigned());
    let task = "";
    const { canary, counted, errors } = await canaryWith(detector, async () => {
      task = await startedTask();
      const digest = `sha256:${"a".repeat(64)}`;
      const containers = [{ name: "web", image: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/app@${digest}` }];
      await detector.handle(pendingEvent({ clusterArn, taskDefinitionArn, taskArn: task, containers }));
    });

    const outcome = await runCanary(canary);

    assert.equal(outcome, "denied");
    assert.deepEqual([counted, errors], [["denied"], []]);
    assert.equal((await aws().account.task(task)).desired, "STOPPED");
  });

  it("misses it if no event reaches the detector, and leaves no task behind", async () => {
    const left = await aws().account.runTask();
    let task = "";
    const { canary, counted, errors } = await canaryWith(aws().detector(), async () => {
      task ||= await startedTask();
    });

    const outcome = await runCanary(canary);

    assert.equal(outcome, "missed");
    assert.deepEqual([counted, errors], [["missed"], ["The canary's task was not denied in time"]]);
    assert.notEqual(task, left);
    for (const arn of [left, task]) assert.equal((await aws().account.task(arn)).desired, "STOPPED");
  });
});
