import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import * as z from "zod";
import { quote } from "../../trust/quote";
import { type PolicyOptions, resourcePolicy } from "../resource-policy";

const config = z.strictObject({});

type Props = ResourceValidationArgs["props"];

/** What a resource may have ECS launch unseen; undefined if it cannot. */
type Hides = (props: Props) => string | undefined;

/** Types of CloudFormation with images, or with templates that may have some. */
const launching = [
  "AWS::ECS::TaskDefinition",
  "AWS::ECS::DaemonTaskDefinition",
  "AWS::ECS::ExpressGatewayService",
  "AWS::Batch::JobDefinition",
  "AWS::CloudFormation::Stack",
  "AWS::CloudFormation::StackSet",
  "AWS::ServiceCatalog::CloudFormationProvisionedProduct",
].map((type) => type.toLowerCase());

const template: Hides = () => "Its template is not looked at, and may have ECS launch images.";

/** A type that is not AWS's is somebody's code, and may make anything. */
function generic(type: unknown): string | undefined {
  const name = typeof type === "string" ? type.toLowerCase() : "";
  if (name.startsWith("aws::") && !launching.includes(name)) return undefined;
  return `What it makes, ${quote(String(type))}, is not looked at, and may have ECS launch images.`;
}

const hiding: Readonly<Record<string, Hides>> = {
  "aws:cloudcontrol/resource:Resource": ({ typeName }) => generic(typeName),
  "aws-native:index:ExtensionResource": ({ type }) => generic(type),
  "aws:cloudformation/stack:Stack": template,
  "aws:cloudformation/stackSet:StackSet": template,
  "aws-native:cloudformation:Stack": template,
  "aws-native:cloudformation:StackSet": template,
  "aws:serverlessrepository/cloudFormationStack:CloudFormationStack": template,
  "aws:servicecatalog/provisionedProduct:ProvisionedProduct": template,
  "aws-native:servicecatalog:CloudFormationProvisionedProduct": template,
};

/** What can hide images from the other policies is named. */
export function visibleImages(options?: PolicyOptions<typeof config>): ResourceValidationPolicy {
  return resourcePolicy(
    {
      name: "visible-images",
      description: "Programs say which images ECS launches where policies can see it.",
      severity: "medium",
      remediationSteps:
        "Use the resource of aws or aws-native for what has images; otherwise rely on the launch detector.",
      enforcementLevel: "advisory",
      config,
      applies: ({ type }) => Object.hasOwn(hiding, type),
      check(_, { type, props }, report) {
        const violation = hiding[type]?.(props);
        if (violation !== undefined) report(`${violation} An image is judged only once it is launched.`);
      },
    },
    options,
  );
}
