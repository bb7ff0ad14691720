import type { ResourceValidationArgs } from "@pulumi/policy";
import { quote } from "../trust/quote";

/** One container of a task definition, as far as the policies look at it. */
export interface Container {
  readonly name: string;
  readonly image: string | undefined;
  readonly versionConsistency: string | undefined;
}

/** A task definition whose containers cannot be read. */
export class ContainersUnreadableError extends Error {
  override readonly name = "ContainersUnreadableError";
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Where each type of task definition keeps its containers. Those of awsx are not among them: the engine shows a policy the
 * component as its provider registers it, once and without containers (seen on the engine, and `super(name, {}, ...)` in
 * awsx/ecs/fargateTaskDefinition.ts), never as the program does. The `aws` task definition inside the component has them.
 */
const readers: Readonly<Record<string, (props: Fields) => readonly (() => Container)[]>> = {
  "aws:ecs/taskDefinition:TaskDefinition": (props) => inJson(props.containerDefinitions),
  "aws-native:ecs:TaskDefinition": (props) => inList(props.containerDefinitions),
};

export function isTaskDefinition({ type }: Pick<ResourceValidationArgs, "type">): boolean {
  return Object.hasOwn(readers, type);
}

/**
 * The containers of a task definition, each to be read by itself, since a preview may know one and not the other.
 *
 * @throws {@link ContainersUnreadableError} here or in a reader; `UnknownValueError` for what a preview does not know.
 */
export function containerReaders(type: string, props: Fields): readonly (() => Container)[] {
  return readers[type]?.(props) ?? [];
}

function inJson(text: unknown): readonly (() => Container)[] {
  if (typeof text !== "string") throw new ContainersUnreadableError("containerDefinitions must be JSON text");
  try {
    return inList(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ContainersUnreadableError(`containerDefinitions is no JSON: ${error.message}`, { cause: error });
  }
}

function inList(list: unknown): readonly (() => Container)[] {
  if (!Array.isArray(list)) throw new ContainersUnreadableError("containerDefinitions must be a list of containers");
  return Array.from({ length: list.length }, (_, index) => () => container(list[index], `container ${index + 1}`));
}

function container(definition: unknown, fallbackName: string): Container {
  if (!isFields(definition)) throw new ContainersUnreadableError(`${fallbackName} is not a mapping`);
  const name = text(definition, "name") ?? fallbackName;
  return { name, image: text(definition, "image"), versionConsistency: text(definition, "versionConsistency") };
}

/** The AWS provider reads keys without regard to case (Go's encoding/json), so `"Image"` counts. */
function text(definition: Fields, key: string): string | undefined {
  const [found, ...more] = Object.keys(definition).filter((name) => name.toLowerCase() === key.toLowerCase());
  if (found === undefined) return undefined;
  if (more.length > 0) throw new ContainersUnreadableError(`${key} stands more than once in a container`);
  const value = definition[found];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw new ContainersUnreadableError(`${key} of a container must be text`);
  return value;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

/** A container's name for a message. */
export function containerLabel({ name }: Container): string {
  return `container ${quote(name)}`;
}
