import assert from "node:assert/strict";
import { UnknownValueError } from "@pulumi/policy";
import { digestPinned } from "../../../../policy/policies/digest-pinned";
import { versionConsistency } from "../../../../policy/policies/version-consistency";
import { digest, registry, taskDefinition, unknownText, validate, violationsOf } from "../arguments";

const pinned = `${registry}/app@${digest}`;

describe("policy digest-pinned", () => {
  it("passes a task definition whose containers all have a digest", async () => {
    assert.deepEqual(await violationsOf(digestPinned(), taskDefinition([{ name: "app", image: pinned }])), []);
  });

  it("names each container that has a tag, no image or no valid image", async () => {
    const given = taskDefinition([
      { name: "web", image: `${registry}/web:v1` },
      { name: "app", image: pinned },
      { name: "log" },
      { name: "bad", image: "UPPER/case@x" },
    ]);

    const violations = await violationsOf(digestPinned(), given);

    assert.equal(violations.length, 3);
    assert.match(violations[0] ?? "", /container "web" names its image ".*\/web:v1" by tag/);
    assert.match(violations[1] ?? "", /container "log" has no image/);
    assert.match(violations[2] ?? "", /container "bad".*is not an image reference/);
  });

  it("reads keys in any case, as the provider does, and refuses a key that stands twice", async () => {
    const violations = await violationsOf(
      digestPinned(),
      taskDefinition([
        { Name: "web", Image: "nginx" },
        { name: "two", image: pinned, Image: "nginx" },
      ]),
    );

    assert.match(violations[0] ?? "", /container "web"/);
    assert.match(violations[1] ?? "", /image appears more than once/);
  });

  it("makes what cannot be read a violation", async () => {
    for (const containerDefinitions of ["{", "{}", "[1]", undefined]) {
      const given = { type: "aws:ecs/taskDefinition:TaskDefinition", props: { containerDefinitions } };
      assert.match((await violationsOf(digestPinned(), given))[0] ?? "", /cannot be read/);
    }
  });

  it("lets the server say that the containers are unknown in a preview", async () => {
    const given = { type: "aws:ecs/taskDefinition:TaskDefinition", props: { containerDefinitions: unknownText } };
    await assert.rejects(violationsOf(digestPinned(), given), UnknownValueError);
  });

  it("leaves the components of awsx to the task definitions inside them", async () => {
    const props = { name: "web", args: {}, opts: {} };
    assert.deepEqual(await violationsOf(digestPinned(), { type: "awsx:ecs:FargateTaskDefinition", props }), []);
  });

  it("judges the known containers of aws-native although another is unknown", async () => {
    const containerDefinitions = [
      { name: "app", image: unknownText },
      { name: "web", image: "nginx" },
    ];
    const violations: string[] = [];
    const given = { type: "aws-native:ecs:TaskDefinition", props: { containerDefinitions } };
    await assert.rejects(validate(digestPinned(), given, violations), UnknownValueError);
    assert.match(violations.join(), /container "web"/);
  });

  it("reads the containers of aws-native", async () => {
    const given = {
      type: "aws-native:ecs:TaskDefinition",
      props: { containerDefinitions: [{ name: "a", image: "b" }] },
    };
    assert.equal((await violationsOf(digestPinned(), given)).length, 1);
  });

  it("is mandatory unless the environment says otherwise, and leaves other resources alone", async () => {
    assert.equal(digestPinned().enforcementLevel, "mandatory");
    assert.equal(digestPinned({ enforcementLevel: "advisory" }).enforcementLevel, "advisory");
    assert.deepEqual(await violationsOf(digestPinned(), { type: "aws:s3/bucket:Bucket" }), []);
  });
});

describe("policy version-consistency", () => {
  it("passes the default and enabled", async () => {
    const given = taskDefinition([{ name: "a" }, { name: "b", versionConsistency: "enabled" }]);
    assert.deepEqual(await violationsOf(versionConsistency(), given), []);
  });

  it("names the container that disables it", async () => {
    const given = taskDefinition([{ name: "a", VersionConsistency: "disabled" }]);
    assert.match(
      (await violationsOf(versionConsistency(), given)).join(),
      /container "a" has versionConsistency disabled/,
    );
  });

  it("lets unknown containers through to the server", async () => {
    const given = { type: "aws:ecs/taskDefinition:TaskDefinition", props: { containerDefinitions: unknownText } };
    await assert.rejects(violationsOf(versionConsistency(), given), UnknownValueError);
  });
});
