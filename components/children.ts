import * as pulumi from "@pulumi/pulumi";

/**
 * A program's changes to one resource that a component makes.
 *
 * @typeParam Args The resource's arguments in its provider's SDK.
 */
export interface Child<Args extends object> {
  /**
   * Arguments, merged over those of the component: objects are merged key by key, any other value replaces the
   * component's. Without `region`: all resources of a component are in one region.
   */
  readonly args?: Partial<Omit<Args, "region">>;
  /** Resource options. Lists, such as `dependsOn` and `ignoreChanges`, are added to those of the component. */
  readonly options?: ChildOptions;
}

/** Without the parent, the provider and the ids, which the component decides. */
export type ChildOptions = Omit<pulumi.CustomResourceOptions, "parent" | "provider" | "id" | "urn">;

type ArgsOf<One> = Exclude<One, undefined> extends Child<infer Args> ? Args : never;

/**
 * For each child of a component, the arguments that the verification depends on. A program that sets one is warned.
 *
 * @typeParam Children The children that a component lets programs change.
 */
export type Sensitive<Children> = { readonly [Name in keyof Children]-?: readonly (keyof ArgsOf<Children[Name]>)[] };

/** Gives the arguments and options of a child: those of the component, with the program's changes. */
export type MakeChild<Children> = <Name extends keyof Children & string>(
  name: Name,
  args: ArgsOf<Children[Name]>,
  options?: pulumi.CustomResourceOptions,
) => [ArgsOf<Children[Name]>, pulumi.CustomResourceOptions];

/**
 * Prepares the children of a component with the program's changes to them:
 *
 * ```ts
 * const child = prepareChildren(this, args.children, SENSITIVE);
 * new lambda.Function(`${name}-function`, ...child("function", { timeout }, { dependsOn }));
 * ```
 *
 * @param parent The component.
 * @param given The program's changes.
 * @param sensitive The arguments whose change is warned of.
 */
export function prepareChildren<Children>(
  parent: pulumi.ComponentResource,
  given: Children | undefined,
  sensitive: Sensitive<Children>,
): MakeChild<Children> {
  return (name, args, options = {}) => {
    const { args: changes = {}, options: more = {} }: Child<object> = given?.[name] ?? {};
    for (const key of sensitive[name]) {
      if (key in changes) void pulumi.log.warn(sensitiveWarning(name, String(key)), parent);
    }
    const merged = pulumi.mergeOptions(options, more);
    return [mergeArgs(args, changes) as typeof args, { ...merged, parent }];
  };
}

/** A component's arguments without the changes to its children, which the children's own state records. */
export function withoutChildren<Args extends { readonly children?: unknown }>({ children: _, ...args }: Args) {
  return args;
}

function sensitiveWarning(child: string, key: string): string {
  return `children.${child}.args.${key} changes an argument that the verification of images depends on: see docs/components.md.`;
}

/** Merges objects key by key, also inside outputs; any other value is replaced. An undefined change changes nothing. */
export function mergeArgs(base: unknown, changes: unknown): unknown {
  if (changes === undefined) return base;
  if (isPlain(base) && isPlain(changes)) {
    const merged = Object.entries(changes).map(([key, value]) => [key, mergeArgs(base[key], value)]);
    return { ...base, ...Object.fromEntries(merged) };
  }
  const mayBeObjects = [base, changes].every((value) => isPlain(value) || isLater(value));
  return mayBeObjects ? pulumi.all([base, changes]).apply(([known, changed]) => mergeArgs(known, changed)) : changes;
}

/** Whether a value is a plain object: not a list, nor an instance of a class, such as a resource or an asset. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Whether a value is known only while Pulumi runs. */
function isLater(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}
