import { join } from "node:path";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { startVerification, type Verification } from "../../verifier/src/verification/on-this-machine";
import { CHECKOUT } from "../environments/environments";
import { builtVerifier } from "../images/built-verifier";
import { findSignerPlugin } from "../images/signer-plugin";
import { awsRoots, rootsFrom } from "../images/trust-store";
import { machineLogins } from "../images/verify-credentials";
import { UsageError } from "../lib/errors";
import { applyOrders } from "../orders/apply-orders";
import { readTrustFile } from "../trust/file";
import { placeTrust, whollyKnown } from "../trust/resolve";
import type { JudgingOptions } from "./judging-options";

/**
 * The file that says what the environment trusts: the one that is named, or that of the stack.
 *
 * @throws {@link UsageError} if neither is known.
 */
export function trustFile({ trust, stack, project = CHECKOUT }: JudgingOptions): string {
  if (trust !== undefined) return trust;
  if (stack !== undefined) return join(project, `Pulumi.${stack.slice(stack.lastIndexOf("/") + 1)}.yaml`);
  throw new UsageError("Say with --trust FILE what the environment trusts, such as Pulumi.prod.yaml.");
}

/**
 * Starts judging with the trust document and the orders of an environment, and the logins of this machine: as `verify` does.
 * `self` in the document is what the outputs say.
 *
 * @throws {@link UsageError} if something of it is missing, and the errors of the trust document.
 */
export async function startJudging(options: JudgingOptions, outputs: EnvironmentOutputs): Promise<Verification> {
  const { account, region, signingProfileArn } = outputs;
  const given = { account, region, signingProfile: options.signingProfile ?? signingProfileArn };
  const { stackProfile, signerEndpoint } = options;
  const trust = whollyKnown(
    placeTrust(await readTrustFile(trustFile(options)), { ...given, ...withoutUndefined({ stackProfile }) }),
  );
  const roots =
    options.trustStore === undefined ? await awsRoots(trust.partition) : await rootsFrom(options.trustStore);
  const plugin = findSignerPlugin(options.plugin, process.env);
  const around = applyOrders(outputs);
  return startVerification({
    trust,
    roots,
    plugin,
    executable: await builtVerifier(),
    timeoutMs: options.timeout * 1000,
    plainHttp: options.plainHttp === true,
    machineLogins: machineLogins({}, new Set()),
    around,
    ...withoutUndefined({ signerEndpoint }),
  });
}
