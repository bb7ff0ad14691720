import type { ResourceValidationArgs } from "@pulumi/policy";
import { quote } from "../../trust/quote";
import { type ContainerPlace, type ContainerSource, documentIn, listContainers } from "./container-places";
import { jobContainers } from "./job-containers";
import { type Fields, JsonUnreadableError, mapping, member } from "./provider-json";

/** One container of a task, with the parts that the policies read. */
export interface Container {
  readonly name: string;
  readonly image: string | undefined;
  readonly versionConsistency: string | undefined;
}

const definitions: ContainerSource = ({ containerDefinitions }) =>
  listContainers(documentIn(containerDefinitions, "containerDefinitions"), "containerDefinitions", "");

const primary: ContainerSource = (props) => [{ label: "primaryContainer", read: () => props.primaryContainer }];

/**
 * Where each type that declares images for ECS keeps its containers. The types of awsx are not included: the engine
 * passes the component to a policy as its provider registers it, once and without containers (seen on the engine, and
 * `super(name, {}, ...)` in awsx/ecs/fargateTaskDefinition.ts), never as the program declares it. The `aws` task
 * definition inside the component has them.
 */
const sources: Readonly<Record<string, readonly ContainerSource[]>> = {
  "aws:ecs/taskDefinition:TaskDefinition": [definitions],
  "aws-native:ecs:TaskDefinition": [definitions],
  "aws:ecs/daemonTaskDefinition:DaemonTaskDefinition": [definitions],
  "aws-native:ecs:DaemonTaskDefinition": [definitions],
  "aws:ecs/expressGatewayService:ExpressGatewayService": [primary],
  "aws-native:ecs:ExpressGatewayService": [primary],
  "aws:batch/jobDefinition:JobDefinition": jobContainers,
  "aws-native:batch:JobDefinition": jobContainers,
};

/** Whether a resource declares images that ECS launches. */
export function hasContainers({ type }: Pick<ResourceValidationArgs, "type">): boolean {
  return Object.hasOwn(sources, type);
}

/** The parts of a type that have containers. They throw like {@link containerAt}. */
export function containerSources(type: string): readonly ContainerSource[] {
  return sources[type] ?? [];
}

/**
 * Reads a container.
 *
 * @throws {@link JsonUnreadableError}; `UnknownValueError` for values that a preview does not know.
 */
export function containerAt({ label, read }: ContainerPlace): Container {
  const fields = mapping(read(), label);
  const name = text(fields, "name") ?? label;
  return { name, image: text(fields, "image"), versionConsistency: text(fields, "versionConsistency") };
}

function text(fields: Fields, key: string): string | undefined {
  const value = member(fields, key);
  if (value === undefined || typeof value === "string") return value;
  throw new JsonUnreadableError(`${key} of a container must be text`);
}

/** A container's name for a message. */
export function containerLabel({ name }: Container): string {
  return `container ${quote(name)}`;
}
