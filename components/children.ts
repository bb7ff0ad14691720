import * as pulumi from "@pulumi/pulumi";

/**
 * What a program says of one resource that a component makes.
 *
 * @typeParam Args The arguments of the resource, as its own provider has them.
 */
export interface Child<Args extends object> {
  /**
   * Arguments, merged over those of the component: objects are merged key by key, all else takes the place of what the
   * component sets. All of a component is in one region.
   */
  readonly args?: Partial<Omit<Args, "region">>;
  /** Resource options. Lists, such as `dependsOn` and `ignoreChanges`, are added to those of the component. */
  readonly options?: ChildOptions;
}

/** Where a child belongs, by which provider and what it is called is the component's to say. */
export type ChildOptions = Omit<pulumi.CustomResourceOptions, "parent" | "provider" | "id" | "urn">;

type ArgsOf<One> = Exclude<One, undefined> extends Child<infer Args> ? Args : never;

/**
 * Of every child of a component, the arguments that the verification depends on. A program may set them, and is warned.
 *
 * @typeParam Children The children that a component lets programs change.
 */
export type Sensitive<Children> = { readonly [Name in keyof Children]-?: readonly (keyof ArgsOf<Children[Name]>)[] };

/** Gives the arguments and options of a child, as the component wants them and the program changes them. */
export type MakeChild<Children> = <Name extends keyof Children & string>(
  name: Name,
  args: ArgsOf<Children[Name]>,
  options?: pulumi.CustomResourceOptions,
) => [ArgsOf<Children[Name]>, pulumi.CustomResourceOptions];

/**
 * The children of a component, to be made with what a program says of them:
 *
 * ```ts
 * const child = childrenOf(this, args.children, SENSITIVE);
 * new lambda.Function(`${name}-function`, ...child("function", { timeout }, { dependsOn }));
 * ```
 *
 * @param parent The component.
 * @param given What the program says of them.
 * @param sensitive What it is warned of.
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

/** A component's arguments without what it is told of its children: those say themselves, in their own state, what they are. */
export function withoutChildren<Args extends { readonly children?: unknown }>({ children: _, ...args }: Args) {
  return args;
}

function sensitiveWarning(child: string, key: string): string {
  return `children.${child}.args.${key} changes what the verification of images depends on: docs/components.md says what.`;
}

/** Objects key by key, through outputs as well; of anything else the second. What is undefined changes nothing. */
export function mergeArgs(base: unknown, changes: unknown): unknown {
  if (changes === undefined) return base;
  if (isPlain(base) && isPlain(changes)) {
    const merged = Object.entries(changes).map(([key, value]) => [key, mergeArgs(base[key], value)]);
    return { ...base, ...Object.fromEntries(merged) };
  }
  const mayBeObjects = [base, changes].every((value) => isPlain(value) || isLater(value));
  return mayBeObjects ? pulumi.all([base, changes]).apply(([known, changed]) => mergeArgs(known, changed)) : changes;
}

/** An object as a program writes it: no list, and nothing with a class, such as a resource or an asset. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Whether a value is known only while Pulumi runs. */
function isLater(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}
