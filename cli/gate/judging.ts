import { join } from "node:path";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import { stackName } from "../../automation/environments/settings";
import { stackIdentities } from "../../configuration/stack-identities";
import { withoutUndefined } from "../../trust/text/without-undefined";
import type { Verification } from "../../verifier/src/verification/on-this-machine";
import { DEFAULT_PROJECT } from "../environments/default-project";
import { startOnTrust, withRoots } from "../images/start-judging";
import { UsageError } from "../lib/errors";
import { applyOrders } from "../orders/apply-orders";
import { readTrustFile, type TrustFile } from "../trust/file";
import { placeToJudge, type Sources } from "../trust/place-to-judge";
import type { PlacedTrust } from "../trust/resolve";
import { parseStackFile } from "../trust/stack-file";
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
 * Checks, before anything long begins, that the options or the outputs say what the environment trusts.
 *
 * @throws {@link UsageError}
 */
export function checkTrustNamed(
  { trust, outputs }: Pick<JudgingOptions, "trust" | "outputs">,
  { trustDocument }: Pick<JudgingPlace, "trustDocument">,
): void {
  if (trust !== undefined || outputs === undefined || trustDocument !== undefined) return;
  throw new UsageError(
    `Say with --trust FILE what the environment trusts, such as Pulumi.prod.yaml: --outputs ${outputs} has no trustDocument, so its deployment is older than this output. Or deploy it again, and save its outputs again.`,
  );
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
export type JudgingPlace = Partial<
  Pick<EnvironmentOutputs, "account" | "region" | "signingProfileArn" | "trustDocument" | "trustedStacks">
>;

/**
 * The trust document that the options name, where `self` is what the options or the place say.
 *
 * @throws {@link UsageError} if something of it is not known, and the errors of the trust document.
 */
export async function placeFor(options: JudgingOptions, place: JudgingPlace, sources?: Sources): Promise<PlacedTrust> {
  const { account, region, signingProfileArn, trustedStacks } = place;
  const { stackProfile = new Map<string, string>(), signingProfile = signingProfileArn } = options;
  const file = await readTrust(options, place);
  const profiles = new Map([...deployedProfiles(file, trustedStacks), ...stackProfile]);
  return placeToJudge(
    file,
    { ...withoutUndefined({ account, region, signingProfile }), stackProfile: profiles },
    sources,
  );
}

/** The profiles of the other stacks that the file names, as they were when the environment was deployed. */
function deployedProfiles(file: TrustFile, trustedStacks: JudgingPlace["trustedStacks"] = {}) {
  if (file.kind !== "stack") return [];
  const named = new Set(stackIdentities(parseStackFile(file.stack, file.value).trust).map(({ text }) => text));
  return Object.entries(trustedStacks).filter(([text]) => named.has(text));
}

/** The file that the options name; with `--outputs` alone, the document that is deployed. */
async function readTrust(options: JudgingOptions, place: JudgingPlace): Promise<TrustFile> {
  checkTrustNamed(options, place);
  const { trust, outputs } = options;
  const isDeployedOne = trust === undefined && outputs !== undefined;
  if (!isDeployedOne) return readTrustFile(trustFile(options));
  return { kind: "trust-document", file: `--outputs ${outputs}`, value: place.trustDocument };
}
