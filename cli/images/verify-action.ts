import { parseReference } from "../../trust/reference";
import { withoutUndefined } from "../../trust/text/without-undefined";
import type { RegistryCredentials } from "../../verifier/src/notation/protocol";
import { startVerification } from "../../verifier/src/verification/on-this-machine";
import type { Verdict } from "../../verifier/src/verification/verdict";
import { UsageError } from "../lib/errors";
import { toExitCode } from "../lib/exit-code";
import { readPassword } from "../lib/password";
import { readTrustFile } from "../trust/file";
import type { TrustOptions } from "../trust/options";
import { placeTrust, whollyKnown } from "../trust/resolve";
import { builtVerifier } from "./built-verifier";
import type { ImageAccess } from "./image-access";
import { findSignerPlugin } from "./signer-plugin";
import { awsRoots, rootsFrom } from "./trust-store";
import { verdictJson, verdictText } from "./verdict-output";

/** The options of `verify`. */
export interface VerifyOptions extends ImageAccess, TrustOptions {
  readonly trust: string;
  readonly trustStore?: string;
  readonly timeout: number;
  readonly json?: true;
}

/** Prints the verdict on each image and sets the combined exit code. */
export async function verify(references: string[], options: VerifyOptions): Promise<void> {
  const registries = new Set(references.map((reference) => parseReference(reference).registry));
  const trust = whollyKnown(placeTrust(await readTrustFile(options.trust), options));
  const roots =
    options.trustStore === undefined ? await awsRoots(trust.partition) : await rootsFrom(options.trustStore);
  const plugin = findSignerPlugin(options.plugin, process.env);
  const credentials = options.username === undefined ? undefined : await askPassword(options.username, registries);
  const verification = await startVerification({
    trust,
    roots,
    plugin,
    executable: await builtVerifier(),
    timeoutMs: options.timeout * 1000,
    plainHttp: options.plainHttp === true,
    ...withoutUndefined({ signerEndpoint: options.signerEndpoint, credentials }),
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

/** Allows images of one registry only, so that the password is never sent to another. */
async function askPassword(
  username: string,
  registries: ReadonlySet<string>,
): Promise<RegistryCredentials & { readonly registry: string }> {
  const [registry, ...others] = registries;
  if (registry === undefined || others.length > 0) {
    throw new UsageError(
      `--username is for images of exactly one registry, and these are of ${registries.size} (${[...registries].join(", ")}). Call verify once for each.`,
    );
  }
  return { registry, ...(await readPassword(username, registry)) };
}
