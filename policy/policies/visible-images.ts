import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import * as z from "zod";
import { quote } from "../../trust/quote";
import { type PolicyOptions, resourcePolicy } from "../resource-policy";

const config = z.strictObject({});

type Props = ResourceValidationArgs["props"];

/** How a resource may make ECS launch images that the policies cannot see; undefined if it cannot. */
type Hides = (props: Props) => string | undefined;

/** CloudFormation types with images, or with templates that may contain some. */
const launching = [
  "AWS::ECS::TaskDefinition",
  "AWS::ECS::DaemonTaskDefinition",
  "AWS::ECS::ExpressGatewayService",
  "AWS::Batch::JobDefinition",
  "AWS::CloudFormation::Stack",
  "AWS::CloudFormation::StackSet",
  "AWS::ServiceCatalog::CloudFormationProvisionedProduct",
].map((type) => type.toLowerCase());

const template: Hides = () => "Its template is not checked, and may make ECS launch images.";

/** A type outside of AWS is custom code and may create anything. */
function generic(type: unknown): string | undefined {
  const name = typeof type === "string" ? type.toLowerCase() : "";
  if (name.startsWith("aws::") && !launching.includes(name)) return undefined;
  return `The resource that it creates, ${quote(String(type))}, is not checked, and may make ECS launch images.`;
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

/** Reports resources that can hide images from the other policies. */
export function visibleImages(options?: PolicyOptions<typeof config>): ResourceValidationPolicy {
  return resourcePolicy(
    {
      name: "visible-images",
      description: "Programs declare the images that ECS launches where policies can see them.",
      severity: "medium",
      remediationSteps:
        "Use the resources of aws or aws-native for everything with images; otherwise rely on the launch detector.",
      enforcementLevel: "advisory",
      config,
      applies: ({ type }) => Object.hasOwn(hiding, type),
      check(_, { type, props }, report) {
        const violation = hiding[type]?.(props);
        if (violation !== undefined) report(`${violation} An image is judged only when it is launched.`);
      },
    },
    options,
  );
}
