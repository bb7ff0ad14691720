import type { Stack } from "@pulumi/pulumi/automation";
import { compareAccounts } from "./account";
import type { Handlers } from "./operation";
import type { Workspace } from "./workspace";

/**
 * Whether to refresh first: if the last operation failed, the resources may lag behind the state. The AWS provider records a
 * failed change as if it had succeeded (pulumi/pulumi#1836, hashicorp/terraform-provider-aws#49310): only a refresh shows what
 * is left to do. That a refresh shows the function's image is inferred (refresh-reads-image). Without the account of the
 * credentials there is no refresh: see {@link compareAccounts}.
 *
 * @throws `AccountMismatch`
 */
export async function mayBeBehind(
  operation: "preview" | "deploy" | "destroy",
  stack: Stack,
  { workspace }: Workspace,
  handlers: () => Handlers,
  warn: (message: string) => void,
): Promise<boolean> {
  const last = await stack.info(false);
  if (last === undefined || last.result === "succeeded") return false;
  const failed = `The last ${last.kind} of ${stack.name} did not succeed.`;
  const problem = await compareAccounts(operation, stack, await workspace.stackOutputs(stack.name), handlers);
  if (problem !== undefined) {
    warn(`${failed} The state is not refreshed: the account of the AWS credentials is not known. ${problem}`);
    return false;
  }
  warn(`${failed} The state is refreshed from AWS first, as with --refresh.`);
  return true;
}
