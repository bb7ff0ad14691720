import * as z from "zod";
import { fieldsOf } from "../../../trust/raw-value";
import { REASON_CODES, type ReasonCode } from "../verdict";

/** What the function is called with to see whether it can read the repositories that the trust document names. */
export const REPOSITORY_CHECK = { check: "repositories" } as const;

/** A repository that the verifier cannot read. */
export interface RepositoryWarning {
  readonly repository: string;
  readonly code: ReasonCode;
  readonly detail: string;
}

/** What the function answers. */
export interface RepositoryCheckResult {
  readonly warnings: readonly RepositoryWarning[];
}

/** Whether the function is asked for the check: no event of EventBridge or SQS has this key. */
export function isRepositoryCheck(event: unknown): boolean {
  return fieldsOf(event).check === REPOSITORY_CHECK.check;
}

const resultSchema = z.object({
  warnings: z.array(
    z.object({
      repository: z.string(),
      code: z.custom<ReasonCode>((value) => REASON_CODES.some((code) => code === value)),
      detail: z.string(),
    }),
  ),
});

/** Reads the function's answer; undefined if it is none. */
export function parseRepositoryCheck(text: string): RepositoryCheckResult | undefined {
  try {
    return resultSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
