import { parseReference } from "../../trust/reference";
import type { Verdict } from "../../verifier/src/verification/verdict";
import type { DeployedOptions } from "../environments/deployed-options";
import { toExitCode } from "../lib/exit-code";
import { chooseOrders } from "../orders/apply-orders";
import type { TrustOptions } from "../trust/options";
import { placeToJudge } from "../trust/place-to-judge";
import type { ImageAccess } from "./image-access";
import { findSignerPlugin } from "./signer-plugin";
import { startOnTrust, withRoots } from "./start-judging";
import { verdictJson, verdictText } from "./verdict-output";
import { givenCredentials, machineLogins } from "./verify-credentials";

/** The options of `verify`. */
export interface VerifyOptions extends ImageAccess, TrustOptions, DeployedOptions {
  readonly trust: string;
  readonly trustStore?: string;
  readonly timeout: number;
  readonly json?: true;
}

/** Prints the verdict on each image and sets the combined exit code. */
export async function verify(references: string[], options: VerifyOptions): Promise<void> {
  const registries = new Set(references.map((reference) => parseReference(reference).registry));
  const { trust } = await placeToJudge(options.trust, options);
  const judging = await withRoots(trust, options.trustStore);
  // Before a password is asked for.
  findSignerPlugin(options.plugin, process.env);
  const credentials = await givenCredentials(options, registries, trust);
  const around = await chooseOrders(options);
  const verification = await startOnTrust(judging, options, {
    machineLogins: machineLogins(options, registries),
    credentials,
    chooseAround: () => around,
  });
  const print = options.json ? verdictJson : verdictText;
  const verdicts: Verdict[] = [];
  try {
    const asked = references.map(async (reference) => ({ reference, verdict: await verification.verify(reference) }));
    // The first failure ends the loop; without this, a later rejection would be unhandled and end the process.
    for (const pending of asked) pending.catch(() => {});
    for (const pending of asked) {
      const { reference, verdict } = await pending;
      verdicts.push(verdict);
      process.stdout.write(`${print(reference, verdict)}\n`);
    }
  } finally {
    await verification.stop();
  }
  process.exitCode = toExitCode(verdicts.map(({ status }) => status));
}
