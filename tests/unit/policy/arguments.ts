import {
  type PolicyResource,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  type StackValidationArgs,
  type StackValidationPolicy,
  unknownCheckingProxy,
} from "@pulumi/policy";
import { withoutUndefined } from "../../../trust/text/without-undefined";

/** What the engine sends in a preview for text that it does not know. */
export const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const digest = `sha256:${"ab".repeat(32)}`;
export const registry = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";

export interface ResourceGiven {
  readonly type: string;
  readonly props?: Record<string, unknown>;
  /** The types of its parents, the outermost first. */
  readonly parents?: readonly string[];
  /** URN of its parent. */
  readonly parent?: string;
  readonly name?: string;
  readonly protect?: boolean;
  readonly config?: object;
}

/** URN of a resource, as the engine makes it. */
export function urnOf({ type, parents = [], name = "it" }: ResourceGiven): string {
  return `urn:pulumi:prod::program::${[...parents, type].join("$")}::${name}`;
}

/** The arguments that the policy server makes for a resource. */
export function resourceArgs(given: ResourceGiven): ResourceValidationArgs {
  return {
    type: given.type,
    props: unknownCheckingProxy(given.props ?? {}),
    urn: urnOf(given),
    name: given.name ?? "it",
    opts: {
      protect: given.protect ?? false,
      ignoreChanges: [],
      aliases: [],
      customTimeouts: noTimeouts,
      additionalSecretOutputs: [],
      ...withoutUndefined({ parent: given.parent }),
    },
    stackTags: new Map(),
    isType: () => false,
    asType: () => undefined,
    // The SDK lets the caller choose the type, and cannot check it.
    getConfig: <T extends object>() => (given.config ?? {}) as T,
    notApplicable: () => {
      throw new Error("not applicable");
    },
  };
}

const noTimeouts = { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 };

/** What a policy on resources reports; rejects with an `UnknownValueError` as the server would see it. */
export async function violationsOf(policy: ResourceValidationPolicy, given: ResourceGiven): Promise<string[]> {
  const violations: string[] = [];
  await validate(policy, given, violations);
  return violations;
}

/** The same, into a list that outlives a rejection. */
export async function validate(
  policy: ResourceValidationPolicy,
  given: ResourceGiven,
  violations: string[],
): Promise<void> {
  const validations = [policy.validateResource ?? []].flat();
  for (const validation of validations) await validation(resourceArgs(given), (message) => violations.push(message));
}

/** What a policy on stacks reports, with the resource that it is about. */
export async function stackViolationsOf(
  policy: StackValidationPolicy,
  given: readonly ResourceGiven[],
): Promise<{ message: string; urn: string | undefined }[]> {
  const resources = given.map((resource): PolicyResource => {
    const { stackTags: _tags, getConfig: _config, notApplicable: _reason, ...args } = resourceArgs(resource);
    return { ...args, dependencies: [], propertyDependencies: {}, asType: () => undefined };
  });
  for (const [index, resource] of resources.entries()) {
    const parents = given[index]?.parents ?? [];
    const parent = resources.find((candidate) => candidate.type === parents.at(-1));
    if (parent !== undefined) resource.parent = parent;
  }
  const args: StackValidationArgs = {
    resources,
    stackTags: new Map(),
    getConfig: <T extends object>() => ({}) as T,
    notApplicable: () => {
      throw new Error("not applicable");
    },
  };
  const violations: { message: string; urn: string | undefined }[] = [];
  await policy.validateStack(args, (message, urn) => violations.push({ message, urn }));
  return violations;
}

/** A task definition with the given containers. */
export function taskDefinition(containers: readonly object[], config?: object): ResourceGiven {
  return {
    type: "aws:ecs/taskDefinition:TaskDefinition",
    props: { family: "app", containerDefinitions: JSON.stringify(containers) },
    ...withoutUndefined({ config }),
  };
}

/** A trust document with the given parts in place of the usual ones. */
export function trust(parts: object = {}) {
  return {
    registries: [registry],
    statements: [{ name: "release", repositories: ["*"], identities: ["self"] }],
    ...parts,
  };
}

/** Configuration of a policy that needs a trust document. */
export function trustConfig(parts: object = {}) {
  return {
    trust: trust(parts),
    account: "111122223333",
    region: "eu-west-1",
  };
}
