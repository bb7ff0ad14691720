import { join } from "node:path";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import { stackName } from "../../automation/environments/settings";
import { withoutUndefined } from "../../trust/text/without-undefined";
import type { Verification } from "../../verifier/src/verification/on-this-machine";
import { DEFAULT_PROJECT } from "../environments/default-project";
import { startOnTrust, withRoots } from "../images/start-judging";
import { UsageError } from "../lib/errors";
import { applyOrders } from "../orders/apply-orders";
import { placeToJudge } from "../trust/place-to-judge";
import type { PlacedTrust } from "../trust/resolve";
import type { JudgingOptions } from "./judging-options";

/**
 * The file that says what the environment trusts: the one that is named, or that of the stack.
 *
 * @throws {@link UsageError} if neither is known.
 */
export function trustFile({
  trust,
  stack,
  project = DEFAULT_PROJECT,
}: Pick<JudgingOptions, "trust" | "stack" | "project">): string {
  if (trust !== undefined) return trust;
  if (stack !== undefined) return join(project, `Pulumi.${stackName({ stack })}.yaml`);
  throw new UsageError("Say with --trust FILE what the environment trusts, such as Pulumi.prod.yaml.");
}

/**
 * Starts judging with the trust document and the orders of an environment, and the logins of this machine: as `verify` does.
 * `self` in the document is what the outputs say.
 *
 * @throws {@link UsageError} if something of it is missing, and the errors of the trust document.
 */
export async function startJudging(options: JudgingOptions, outputs: EnvironmentOutputs): Promise<Verification> {
  const { trust } = await placeFor(options, outputs);
  return startOnTrust(await withRoots(trust, options.trustStore), options, {
    chooseAround: () => applyOrders(outputs),
  });
}

/** What is known of the place of an environment. */
export type JudgingPlace = Partial<Pick<EnvironmentOutputs, "account" | "region" | "signingProfileArn">>;

/**
 * The trust document that the options name, where `self` is what the options or the place say.
 *
 * @throws {@link UsageError} if something of it is not known, and the errors of the trust document.
 */
export async function placeFor(
  options: JudgingOptions,
  { account, region, signingProfileArn }: JudgingPlace,
): Promise<PlacedTrust> {
  const { stackProfile, signingProfile = signingProfileArn } = options;
  return placeToJudge(trustFile(options), withoutUndefined({ account, region, signingProfile, stackProfile }));
}
