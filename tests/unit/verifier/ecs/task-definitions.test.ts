import assert from "node:assert/strict";
import { DescribeTaskDefinitionCommand, ECSClient, ECSServiceException } from "@aws-sdk/client-ecs";
import { mockClient } from "aws-sdk-client-mock";
import { TaskDefinitionError, taskDefinitionContainers } from "../../../../verifier/src/ecs/task-definitions";

const ARN = "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:12";

function awsError(name: string, httpStatusCode: number, message: string): ECSServiceException {
  return new ECSServiceException({ name, $fault: "client", $metadata: { httpStatusCode }, message });
}

describe("taskDefinitionContainers", () => {
  const client = new ECSClient({ region: "eu-west-1" });
  const ecs = mockClient(client);
  beforeEach(() => ecs.reset());
  after(() => ecs.restore());

  function answerWith(...names: string[]): void {
    ecs
      .on(DescribeTaskDefinitionCommand)
      .resolves({ taskDefinition: { containerDefinitions: names.map((name) => ({ name })) } });
  }

  it("gives the names of the revision's containers", async () => {
    answerWith("web", "proxy");

    const names = await taskDefinitionContainers({ client })(ARN);

    assert.deepEqual([...names], ["web", "proxy"]);
    assert.deepEqual(ecs.call(0).args[0].input, { taskDefinition: ARN });
  });

  it("asks once for a revision, however many callers wait or come later", async () => {
    answerWith("web");
    const containerNames = taskDefinitionContainers({ client });

    await Promise.all(Array.from({ length: 1000 }, () => containerNames(ARN)));
    await containerNames(ARN);

    assert.equal(ecs.calls().length, 1);
  });

  it("asks again after a failure, which all who waited are told", async () => {
    ecs.on(DescribeTaskDefinitionCommand).rejectsOnce(awsError("ThrottlingException", 400, "Rate exceeded"));
    const containerNames = taskDefinitionContainers({ client });

    const failures = await Promise.allSettled([containerNames(ARN), containerNames(ARN)]);
    answerWith("web");
    const names = await containerNames(ARN);

    assert.deepEqual(
      failures.map(({ status }) => status),
      ["rejected", "rejected"],
    );
    assert.ok(names.has("web"));
    assert.equal(ecs.calls().length, 2);
  });

  it("remembers no more revisions than it is told to", async () => {
    answerWith("web");
    const containerNames = taskDefinitionContainers({ client, max: 2 });

    for (const revision of [1, 2, 3, 1]) await containerNames(ARN.replace(":12", `:${revision}`));

    assert.equal(ecs.calls().length, 4);
  });

  it("does not take an empty answer for a task definition without containers", async () => {
    ecs.on(DescribeTaskDefinitionCommand).resolves({});

    await assert.rejects(taskDefinitionContainers({ client })(ARN), {
      name: "TaskDefinitionError",
      message: `Cannot read the containers of task definition ${ARN}: ECS returned no container.`,
    });
  });

  it("refuses an ARN without a revision, without asking", async () => {
    const family = "arn:aws:ecs:eu-west-1:111122223333:task-definition/web";

    await assert.rejects(taskDefinitionContainers({ client })(family), {
      message: `Cannot read the containers of task definition ${family}: the ARN names no revision; it must end with :<number>.`,
    });
    assert.equal(ecs.calls().length, 0);
  });

  it("names the permission that is missing", async () => {
    const denied = awsError("AccessDeniedException", 400, "User is not authorized");
    ecs.on(DescribeTaskDefinitionCommand).rejects(denied);

    await assert.rejects(taskDefinitionContainers({ client })(ARN), (error) => {
      assert.ok(error instanceof TaskDefinitionError);
      assert.match(
        error.message,
        /AccessDeniedException: User is not authorized\. .*role allows ecs:DescribeTaskDefinition/,
      );
      assert.equal(error.cause, denied);
      return true;
    });
  });
});
