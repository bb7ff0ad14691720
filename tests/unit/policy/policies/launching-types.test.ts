import assert from "node:assert/strict";
import { UnknownValueError } from "@pulumi/policy";
import { digestPinned } from "../../../../policy/policies/digest-pinned";
import { digest, registry, unknownText, validate, violationsOf } from "../arguments";

const pinned = `${registry}/app@${digest}`;
const job = "aws:batch/jobDefinition:JobDefinition";

/** The containers that the policy on digests is against. */
async function unpinned(type: string, props: Record<string, unknown>): Promise<string[]> {
  const violations = await violationsOf(digestPinned(), { type, props });
  return violations.map((violation) => /container "([^"]*)" names its image/.exec(violation)?.[1] ?? violation);
}

describe("policies on containers, beside task definitions", () => {
  for (const type of ["aws:ecs/daemonTaskDefinition:DaemonTaskDefinition", "aws-native:ecs:DaemonTaskDefinition"]) {
    it(`read the containers of ${type}`, async () => {
      const containerDefinitions = [
        { name: "agent", image: "nginx" },
        { name: "other", image: pinned },
      ];
      assert.deepEqual(await unpinned(type, { containerDefinitions }), ["agent"]);
    });
  }

  for (const type of ["aws:ecs/expressGatewayService:ExpressGatewayService", "aws-native:ecs:ExpressGatewayService"]) {
    it(`read the one container of ${type}`, async () => {
      assert.deepEqual(await unpinned(type, { primaryContainer: { image: "nginx" } }), ["primaryContainer"]);
      assert.deepEqual(await unpinned(type, { primaryContainer: { image: pinned } }), []);
      assert.match((await unpinned(type, {})).join(), /cannot be read: primaryContainer is not a mapping/);
    });
  }

  /** The three places where a job definition has images, as a mapping. */
  const places = {
    containerProperties: { image: "nginx" },
    ecsProperties: {
      taskProperties: [
        {
          containers: [
            { name: "web", image: "nginx" },
            { name: "log", image: pinned },
          ],
        },
        { containers: [{ image: "nginx" }] },
      ],
    },
    nodeProperties: {
      nodeRangeProperties: [
        { container: { image: "nginx" } },
        { ecsProperties: { taskProperties: [{ containers: [{ name: "main", image: "nginx" }] }] } },
      ],
    },
  };
  const found = ["containerProperties", "web", "container 1 of task 2", "container of node range 1", "main"];

  it("read every place of a job definition of AWS Batch, in JSON as aws has it", async () => {
    const texts = Object.fromEntries(Object.entries(places).map(([name, value]) => [name, JSON.stringify(value)]));
    assert.deepEqual(await unpinned(job, texts), found);
  });

  it("read the same as mappings, as aws-native has it", async () => {
    assert.deepEqual(await unpinned("aws-native:batch:JobDefinition", places), found);
  });

  it("leave a job definition for Kubernetes alone, which ECS does not launch", async () => {
    const eksProperties = { podProperties: { containers: [{ image: "nginx" }] } };
    assert.deepEqual(await unpinned(job, { type: "container", eksProperties }), []);
  });

  it("judge what is known of a job definition beside what is not", async () => {
    const violations: string[] = [];
    const props = { containerProperties: unknownText, nodeProperties: JSON.stringify(places.nodeProperties) };
    await assert.rejects(validate(digestPinned(), { type: job, props }, violations), UnknownValueError);
    assert.equal(violations.length, 2);
  });

  it("make what cannot be read a violation", async () => {
    for (const [props, message] of [
      [{ containerProperties: "{" }, /containerProperties: it is not JSON/],
      [{ containerProperties: "[]" }, /containerProperties is not a mapping/],
      [{ ecsProperties: '{"taskProperties":{}}' }, /taskProperties must be a list/],
      [{ ecsProperties: '{"taskProperties":[1]}' }, /task 1 is not a mapping/],
      [{ nodeProperties: '{"nodeRangeProperties":["x"]}' }, /node range 1 is not a mapping/],
    ] as const) {
      assert.match((await unpinned(job, props)).join(), message);
    }
  });
});

describe("policies on containers, where readers of JSON differ", () => {
  const task = "aws:ecs/taskDefinition:TaskDefinition";
  const check = async (containerDefinitions: string) =>
    (await violationsOf(digestPinned(), { type: task, props: { containerDefinitions } })).join();

  it("take a key in any case, by Go's folding, which knows two letters outside of ASCII", async () => {
    const ecsProperties = JSON.stringify({ "ta\u017fkProperties": [{ "CONTAINER\u017f": [{ Image: "nginx" }] }] });
    assert.deepEqual(await unpinned(job, { ecsProperties }), ["container 1 of task 1"]);
    const kelvin = JSON.stringify({ "tas\u212aProperties": [{ containers: [{ image: "nginx" }] }] });
    assert.deepEqual(await unpinned(job, { ecsProperties: kelvin }), ["container 1 of task 1"]);
  });

  it("refuse a key that stands twice, for Go keeps parts of the first", async () => {
    assert.match(await check(`[{"name":"a","image":"nginx","image":"${pinned}"}]`), /"image" appears more than once/);
    assert.match(await check(`[{"image":"${pinned}","im\\u0061ge":null}]`), /"image" appears more than once/);
    assert.match(await check(`[{"image":"${pinned}","IMAGE":"nginx"}]`), /image appears more than once/);
    const ecsProperties = '{"taskProperties":[{"containers":[{"image":"nginx"}]}],"taskProperties":[{}]}';
    assert.match((await unpinned(job, { ecsProperties })).join(), /"taskProperties" appears more than once/);
  });

  it("refuse a second document behind the first", async () => {
    assert.match(await check(`[{"image":"${pinned}"}][{"image":"nginx"}]`), /is not JSON/);
  });

  it("pass the same key in several mappings, and in a text", async () => {
    const labels = { "com.example": "x", text: '{"image":1,"image":2}' };
    const text = JSON.stringify([
      { name: "a", image: pinned, dockerLabels: labels },
      { name: "b", image: pinned, dockerLabels: labels },
    ]);
    assert.equal(await check(text), "");
  });
});
