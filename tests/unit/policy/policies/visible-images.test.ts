import assert from "node:assert/strict";
import { UnknownValueError } from "@pulumi/policy";
import { visibleImages } from "../../../../policy/policies/visible-images";
import { taskDefinition, unknownText, violationsOf } from "../arguments";

const cloudControl = "aws:cloudcontrol/resource:Resource";
const extension = "aws-native:index:ExtensionResource";

const check = (type: string, props: Record<string, unknown> = {}) => violationsOf(visibleImages(), { type, props });

describe("policy visible-images", () => {
  it("is advisory", () => {
    assert.equal(visibleImages().enforcementLevel, "advisory");
  });

  for (const type of [
    "aws:cloudformation/stack:Stack",
    "aws:cloudformation/stackSet:StackSet",
    "aws-native:cloudformation:Stack",
    "aws-native:cloudformation:StackSet",
    "aws:servicecatalog/provisionedProduct:ProvisionedProduct",
    "aws:serverlessrepository/cloudFormationStack:CloudFormationStack",
  ]) {
    it(`names ${type}, whose template nobody reads`, async () => {
      assert.match((await check(type)).join(), /template is not checked/);
    });
  }

  for (const typeName of [
    "AWS::ECS::TaskDefinition",
    "aws::ecs::taskdefinition",
    "AWS::ECS::DaemonTaskDefinition",
    "AWS::ECS::ExpressGatewayService",
    "AWS::Batch::JobDefinition",
    "AWS::CloudFormation::Stack",
    "Example::ECS::App",
  ]) {
    it(`names a generic resource of the type ${typeName}`, async () => {
      for (const violations of [await check(cloudControl, { typeName }), await check(extension, { type: typeName })]) {
        assert.equal(violations.length, 1);
        assert.ok(violations[0]?.includes(typeName), violations[0]);
      }
    });
  }

  it("passes generic resources of types without images", async () => {
    for (const typeName of ["AWS::EC2::VPC", "AWS::ECS::Cluster", "AWS::ECR::Repository"]) {
      assert.deepEqual(await check(cloudControl, { typeName }), []);
      assert.deepEqual(await check(extension, { type: typeName }), []);
    }
  });

  it("passes what the other policies read", async () => {
    assert.deepEqual(await violationsOf(visibleImages(), taskDefinition([{ name: "app", image: "nginx" }])), []);
  });

  it("names a generic resource whose type is no text, and lets an unknown one through to the server", async () => {
    assert.equal((await check(cloudControl)).length, 1);
    await assert.rejects(check(cloudControl, { typeName: unknownText }), UnknownValueError);
  });
});
