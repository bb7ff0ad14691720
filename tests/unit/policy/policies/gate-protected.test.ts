import assert from "node:assert/strict";
import { UnknownValueError } from "@pulumi/policy";
import { gateProtected } from "../../../../policy/policies/gate-protected";
import { type ResourceGiven, unknownText, validate, violationsOf } from "../arguments";

const parents = ["ecs-image-verification:components:DeploymentGate"];
const trusting = (service: string) =>
  JSON.stringify({ Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }] });
const named = { parents, protect: true };

const parts: readonly (readonly [string, ResourceGiven])[] = [
  [
    "function",
    {
      ...named,
      type: "aws:lambda/function:Function",
      props: { name: "prod-gate", imageConfig: { commands: ["deployment.handler"] } },
    },
  ],
  ["alias", { ...named, type: "aws:lambda/alias:Alias", props: { name: "live" } }],
  [
    "role with which ECS invokes the function",
    {
      ...named,
      type: "aws:iam/role:Role",
      props: { name: "prod-gate-invoker", assumeRolePolicy: trusting("ecs.amazonaws.com") },
    },
  ],
];

describe("policy gate-protected", () => {
  const policy = gateProtected();

  for (const [what, given] of parts) {
    it(`passes the ${what} with protection and a fixed name, and names what is missing`, async () => {
      assert.deepEqual(await violationsOf(policy, given), []);
      const bare = { ...given, protect: false, props: { ...given.props, name: undefined } };
      const violations = await violationsOf(policy, bare);
      assert.equal(violations.length, 2);
      assert.ok(violations[0]?.startsWith(`The gate's ${what} is not protected`));
      assert.ok(violations[1]?.startsWith(`The gate's ${what} has no fixed name`));
      const madeUp = { ...given, props: { ...given.props, __defaults: ["name"] } };
      assert.match((await violationsOf(policy, madeUp)).join(), /has no fixed name/);
    });
  }

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
