import assert from "node:assert/strict";
import { UnknownValueError } from "@pulumi/policy";
import { gateProtected } from "../../../../policy/policies/gate-protected";
import { type ResourceGiven, unknownText, validate, violationsOf } from "../arguments";

const parents = ["ecs-image-verification:components:DeploymentGate"];
const trusting = (service: string) =>
  JSON.stringify({ Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }] });
const lambda = "aws:lambda/function:Function";
const kept = { parents, protect: true };
const imageConfig = { commands: ["deployment.handler"] };
const assumeRolePolicy = trusting("ecs.amazonaws.com");
const name = "ecs-image-verification-gate-prod";
const invokerName = "ecs-image-verification-gate-invoker-eu-west-1-prod";

const parts: readonly (readonly [string, ResourceGiven])[] = [
  ["function", { ...kept, type: lambda, props: { name, imageConfig } }],
  ["alias", { ...kept, type: "aws:lambda/alias:Alias", props: { name: "live" } }],
  ["invoker role", { ...kept, type: "aws:iam/role:Role", props: { name: invokerName, assumeRolePolicy } }],
];

describe("policy gate-protected", () => {
  const policy = gateProtected();

  for (const [what, given] of parts) {
    it(`passes the ${what} with protection and its fixed name, and says what is wrong with another`, async () => {
      assert.deepEqual(await violationsOf(policy, given), []);
      const other = { ...given, protect: false, props: { ...given.props, name: "gate-1a2b3c4" } };
      const violations = await violationsOf(policy, other);
      assert.equal(violations.length, 2);
      assert.ok(violations[0]?.startsWith(`The gate's ${what} is not protected`));
      assert.ok(violations[1]?.startsWith(`The gate's ${what} has the name "gate-1a2b3c4" instead of `));
    });
  }

  it("passes a guard that is asked at its removal, and no other", async () => {
    const guard = { type: "aws:lambda/invocation:Invocation", parents };
    assert.deepEqual(await violationsOf(policy, { ...guard, props: { lifecycleScope: "CRUD" } }), []);
    assert.match((await violationsOf(policy, guard)).join(), /guard has no lifecycleScope CRUD/);
    const check = { ...guard, parents: [...parents, "ecs-image-verification:components:DeploymentCheck"] };
    assert.deepEqual(await violationsOf(policy, check), []);
  });

  it("leaves everything else alone: the keeper, the function's own role, and what is outside of a gate", async () => {
    const others: readonly ResourceGiven[] = [
      { type: "aws:lambda/function:Function", parents, props: { imageConfig: { commands: ["keeper.handler"] } } },
      { type: "aws:iam/role:Role", parents, props: { assumeRolePolicy: trusting("lambda.amazonaws.com") } },
      { type: "aws:cloudwatch/logGroup:LogGroup", parents },
      ...parts.map(([, given]) => ({ ...given, parents: [], protect: false })),
    ];
    for (const given of others) assert.deepEqual(await violationsOf(policy, given), [], given.type);
  });

  it("lets an unknown command through to the server", async () => {
    const props = { imageConfig: { commands: [unknownText] } };
    await assert.rejects(
      validate(policy, { type: "aws:lambda/function:Function", parents, props }, []),
      UnknownValueError,
    );
  });
});
