import type { ResourceValidationArgs } from "@pulumi/policy";
import { typeToken } from "../../components/type-token";
import { isInside } from "./urn";

const gate = typeToken("DeploymentGate");
const lambda = "aws:lambda/function:Function";

/** The command of the image that answers ECS's hooks; the keeper's function runs the same image with another one. */
const answersHooks = "deployment.handler";

/** Whether a resource belongs to a `DeploymentGate` component. */
export function isOfGate({ urn }: Pick<ResourceValidationArgs, "urn">): boolean {
  return isInside(urn, gate);
}

/** Whether a resource is the function that ECS invokes, of a `DeploymentGate` component. */
export function isGateFunction(args: Pick<ResourceValidationArgs, "type" | "urn" | "props">): boolean {
  const commands: readonly unknown[] =
    args.type === lambda && isOfGate(args) ? (args.props.imageConfig?.commands ?? []) : [];
  return commands[0] === answersHooks;
}

/** The region of a resource, if it or its provider states one. */
export function readRegion({
  props,
  provider,
}: Pick<ResourceValidationArgs, "props" | "provider">): string | undefined {
  return props.region ?? provider?.props.region;
}
