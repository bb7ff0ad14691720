import type { OutputMap, Stack } from "@pulumi/pulumi/automation";
import * as z from "zod";
import { AccountMismatch, type Operation, OperationFailed } from "./errors";
import type { Handlers } from "./operation";
import { accountInState } from "./state-account";

/** An account that was asked for: the account, or why it is not known. */
type Answer = { readonly account: string } | { readonly problem: string };

/** What `pulumi stack export` prints, as far as it is needed. */
const exported = z.object({
  resources: z.array(z.object({ custom: z.boolean().optional(), outputs: z.unknown().optional() })).default([]),
});

/** The account of what a first update that failed has left. */
async function readStateAccount(stack: Stack): Promise<string | undefined> {
  const { deployment } = await stack.exportStack();
  const state = exported.safeParse(deployment).data;
  return state && accountInState(state.resources);
}

/** Ends the preview that asks: there is nothing to preview. */
class Asked extends Error {}

/**
 * Compares the account of the credentials with that of the last deployment. In another account AWS has none of the stack's
 * resources: a refresh would remove them all from the state, protected ones included, and so would a destroy.
 *
 * @returns Why the accounts could not be compared; undefined if they are the same, or nothing was ever deployed.
 * @throws {@link AccountMismatch}
 */
export async function compareAccounts(
  operation: Operation,
  stack: Stack,
  outputs: OutputMap,
  handlers: () => Handlers,
): Promise<string | undefined> {
  const last: unknown = outputs.account?.value ?? (await readStateAccount(stack));
  if (typeof last !== "string") return undefined;
  const answer = await askAccount(stack, handlers());
  if ("problem" in answer) return answer.problem;
  if (answer.account !== last) throw new AccountMismatch(stack.name, operation, last, answer.account);
  return undefined;
}

/**
 * Like {@link compareAccounts}, for an operation that must not go on without an answer.
 *
 * @throws {@link AccountMismatch} or {@link OperationFailed}
 */
export async function requireAccount(...about: Parameters<typeof compareAccounts>): Promise<void> {
  const problem = await compareAccounts(...about);
  const [operation, stack, , handlers] = about;
  if (problem === undefined) return;
  // A cancelled preview has no answer either.
  handlers();
  const message = `The account of the AWS credentials is not known, so nothing was done: ${problem}`;
  throw new OperationFailed(stack.name, operation, [{ message }]);
}

/**
 * Asks the stack's own AWS provider, which has the region, the profile and the roles of the stack's file: a client of ours might
 * have other credentials. The engine starts the provider for a preview of a program that only asks.
 */
async function askAccount(stack: Stack, { signal }: Handlers): Promise<Answer> {
  let account: string | undefined;
  const program = async () => {
    account = (await loadCallerIdentity()()).accountId;
    throw new Asked("The account is known.");
  };
  try {
    await stack.preview({ program, ...(signal === undefined ? {} : { signal }) });
  } catch (error) {
    if (account === undefined) return { problem: error instanceof Error ? lastError(error.message) : String(error) };
  }
  return account === undefined ? { problem: "the AWS provider did not answer." } : { account };
}

/** The last error that the CLI printed. */
function lastError(text: string): string {
  const said = text.split("\n").flatMap((line) => /^\s*error: (.+)$/.exec(line)?.[1] ?? []);
  return said.findLast((line) => !/^(?:update|preview) failed$/.test(line)) ?? text;
}

/** The AWS resources take a second to load. */
function loadCallerIdentity() {
  return (require("@pulumi/aws/getCallerIdentity") as typeof import("@pulumi/aws/getCallerIdentity")).getCallerIdentity;
}
