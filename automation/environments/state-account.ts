import { asFields } from "../../trust/unchecked-value";

/**
 * The account of a stack's resources, from the ARNs in their outputs; undefined if there is none, or if there are several
 * accounts. A first update that failed leaves resources, and no outputs of the stack.
 *
 * @param resources The outputs of each resource, which may be anything.
 */
export function accountInState(resources: readonly unknown[]): string | undefined {
  const accounts = new Set(resources.flatMap((outputs) => accountInArn(asFields(outputs).arn) ?? []));
  const [only, ...others] = accounts;
  return others.length > 0 ? undefined : only;
}

function accountInArn(arn: unknown): string | undefined {
  return typeof arn === "string" ? /^arn:[a-z0-9-]+:[a-z0-9-]+:[a-z0-9-]*:([0-9]{12}):/.exec(arn)?.[1] : undefined;
}
