// ECS is a stand-in over HTTP: moto 5.2.5 knows no service deployments.
import assert from "node:assert/strict";
import { ECSClient } from "@aws-sdk/client-ecs";
import { findRevisions, listDeployments } from "../../../../automation/operations/gate/service-revisions";
import { type LocalAws, startAws } from "../../../../local/aws";

const SERVICE = { serviceArn: "arn:aws:ecs:eu-west-1:111122223333:service/shop/web", clusterArn: "shop" };

describe("the revisions of a service", () => {
  let aws: LocalAws;
  let ecs: ECSClient;
  /** The targets of the successful deployments, by page, the newest first. */
  let pages: readonly (readonly string[])[] = [];
  before(async () => {
    aws = await startAws({
      "ECS.ListServiceDeployments": ({ nextToken = "0" }) => {
        const page = Number(nextToken);
        const serviceDeployments = (pages[page] ?? []).map((arn) => ({ targetServiceRevisionArn: arn }));
        return page + 1 < pages.length ? { serviceDeployments, nextToken: String(page + 1) } : { serviceDeployments };
      },
    });
    const credentials = { accessKeyId: "made-up", secretAccessKey: "made-up" };
    ecs = new ECSClient({ region: "eu-west-1", endpoint: aws.url, credentials });
  });
  after(async () => {
    ecs?.destroy();
    await aws?.close();
  });

  const find = (...current: readonly string[]) =>
    findRevisions(ecs, { ...SERVICE, currentServiceRevisions: current.map((arn) => ({ arn })) });

  it("the previous one is the newest successful one that is not running, on whatever page", async () => {
    pages = [["3", "3"], [], ["2", "1"]];

    assert.deepEqual(await find("3"), { running: ["3"], previous: "2" });
    const asked = aws.calls("ECS.ListServiceDeployments").at(-1)?.input;
    assert.deepEqual([asked?.service, asked?.cluster, asked?.status], [SERVICE.serviceArn, "shop", ["SUCCESSFUL"]]);
  });

  it("during a deployment, both revisions run, and the one before them is the previous one", async () => {
    pages = [["3", "2"]];

    assert.deepEqual(await find("4", "3"), { running: ["4", "3"], previous: "2" });
  });

  it("what was deployed last stands for what runs, if ECS does not say what runs", async () => {
    pages = [["3", "3", "2"]];

    assert.deepEqual(await find(), { running: ["3"], previous: "2" });
  });

  it("there may be no previous one, or none at all", async () => {
    pages = [["3"]];
    assert.deepEqual(await find("3"), { running: ["3"], previous: undefined });

    pages = [[]];
    assert.deepEqual(await find(), { running: [], previous: undefined });
  });

  it("reads no further page than it needs", async () => {
    pages = [["3"], ["2"]];
    const before = aws.calls().length;

    for await (const _ of listDeployments(ecs, SERVICE)) break;

    assert.equal(aws.calls().length - before, 1);
  });
});
