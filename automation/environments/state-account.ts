import { asFields } from "../../trust/unchecked-value";

/** A resource of a state, as far as it is needed. */
export interface StateResource {
  /** Whether a provider has made it. A component's outputs may be about what others own. */
  readonly custom?: boolean | undefined;
  /** May be anything. */
  readonly outputs?: unknown;
}

/**
 * The account of a stack's resources, from the ARNs in their outputs; undefined if there is none, or if there are several
 * accounts. A first update that failed leaves resources, and no outputs of the stack.
 */
export function accountInState(resources: readonly StateResource[]): string | undefined {
  const made = resources.filter(({ custom }) => custom === true);
  const accounts = new Set(made.flatMap(({ outputs }) => accountInArn(asFields(outputs).arn) ?? []));
  const [only, ...others] = accounts;
  return others.length > 0 ? undefined : only;
}

function accountInArn(arn: unknown): string | undefined {
  return typeof arn === "string" ? /^arn:[a-z0-9-]+:[a-z0-9-]+:[a-z0-9-]*:([0-9]{12}):/.exec(arn)?.[1] : undefined;
}
