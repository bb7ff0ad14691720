import type { Properties } from "./properties";

/** A resource as its provider sees it: without marks of secrets. */
export interface Resource {
  readonly type: string;
  /** The name in the program. */
  readonly name: string;
  readonly inputs: Properties;
  /** The folder that the program runs in, and the provider with it. */
  readonly folder: string;
}

/** A resource that a provider has made. */
export interface Made {
  readonly id: string;
  /** The computed properties. */
  readonly properties: Properties;
}

/**
 * A creation that fails after the resource exists. The bridge then answers with the id and an initialisation error
 * (`initializationError` in Create of pulumi-terraform-bridge, pkg/tfbridge/provider.go: every error with a state that has an
 * id), so the engine records the resource: with the inputs and what was
 * planned, and without what would have been read at the end.
 */
export class HalfMade extends Error {
  /** @param left Inputs that were not applied yet. */
  constructor(
    message: string,
    readonly made: Made,
    readonly left: readonly string[] = [],
  ) {
    super(message);
  }
}

/** How a provider treats the resources of one type. */
export interface ResourceKind {
  /** The input that holds the name outside the program; made up from the program's where it is not given. */
  readonly naming?: string;
  /** Inputs whose change replaces the resource. */
  readonly replaceOn?: readonly string[];
  /** Whether the provider asks for the old one to be deleted before the new one is made; a program can say otherwise. */
  readonly deleteFirst?: true;
  /** Names of what else replaces a resource with these properties, whatever the program says, such as where the provider is. */
  moved?(properties: Properties): readonly string[];
  /** Inputs whose change alone changes nothing, such as a password that is another one each time: `registry.password`. */
  readonly ignore?: readonly string[];
  /** Names of what the provider computes: unknown in the preview of a creation. */
  readonly computed: readonly string[];
  /** Those of them that each update computes again. Default: none. */
  readonly renewed?: readonly string[];
  /** Those of them that the plan knows already: recorded as well when the creation fails after the resource exists. */
  readonly planned?: readonly string[];
  /** Gives the inputs that the provider sets itself. */
  check?(resource: Resource): Properties;
  /** @throws Error as the service would refuse it; HalfMade if there is a resource all the same. */
  create(resource: Resource): Made | Promise<Made>;
  /** Gives the renewed properties. */
  update?(resource: Resource, old: Made): Properties | Promise<Properties>;
  /** Told what the service has by now: the inputs that were applied, whatever the state says. */
  applied?(id: string, inputs: Properties): void;
  /** Gives the computed properties as they are by now; undefined if the resource is gone. Default: as they were. */
  read?(old: Made): Properties | undefined;
  remove?(resource: Resource, old: Made): void | Promise<void>;
}
