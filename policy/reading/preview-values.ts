import { UnknownValueError } from "@pulumi/policy";

/**
 * Runs every check, even if a preview does not know a value that one of them needs, so that known problems are still
 * reported. Then throws the first `UnknownValueError`, which the policy server shows as advisory.
 */
export async function checkEach(checks: readonly (() => void | Promise<void>)[]): Promise<void> {
  const unknown: UnknownValueError[] = [];
  for (const check of checks) {
    try {
      await check();
    } catch (error) {
      if (!(error instanceof UnknownValueError)) throw error;
      unknown.push(error);
    }
  }
  const [first] = unknown;
  if (first !== undefined) throw first;
}

/**
 * A copy of a value without the SDK's guard around it.
 *
 * @throws `UnknownValueError` if any part of it is unknown.
 */
export function known(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
