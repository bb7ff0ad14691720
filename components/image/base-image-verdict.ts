import { resolve } from "node:path";
import { notationVerifier, RequirementMissingError } from "../../build/go";
import { locateProgram } from "../../build/program";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { findSignerPlugin, pluginProblem } from "../../verifier/src/notation/signer-plugin";
import { awsRoots, rootsFrom } from "../../verifier/src/notation/trust-store";
import { startVerification } from "../../verifier/src/verification/on-this-machine";
import type { Verdict } from "../../verifier/src/verification/verdict";
import { BaseVerificationError } from "./base-verification-error";
import type { TrustedBase } from "./trusted-base";

/**
 * Verifies a base image on this machine, with the credentials of this user.
 *
 * @param env names the Signer plugin.
 * @throws {@link BaseVerificationError} if a program is missing, `TrustStoreError`.
 */
export async function judgeBaseImage(
  { baseImage, trust, trustStore, signerEndpoint, plainHttp = false, timeoutSeconds = 30 }: TrustedBase,
  env: NodeJS.ProcessEnv,
): Promise<Verdict> {
  // Looked for first: the program may have to be compiled.
  const plugin = signerPlugin(env);
  const verification = await startVerification({
    trust,
    roots: trustStore === undefined ? await awsRoots(trust.partition) : await rootsFrom(resolve(trustStore)),
    plugin,
    executable: await verifierProgram(),
    timeoutMs: timeoutSeconds * 1000,
    plainHttp,
    ...withoutUndefined({ signerEndpoint }),
  });
  try {
    return await verification.verify(baseImage);
  } finally {
    await verification.stop();
  }
}

const WHERE = "verifier.baseImageTrust";
const WITHOUT = "To deploy on the digest alone, remove baseImageTrust.";

async function verifierProgram(): Promise<string> {
  try {
    return await locateProgram(notationVerifier);
  } catch (error) {
    if (!(error instanceof RequirementMissingError)) throw error;
    const what = "the base image is verified on this machine, and the program that verifies is not here.";
    throw new BaseVerificationError({ where: WHERE, what, fix: `${error.message} ${WITHOUT}` }, { cause: error });
  }
}

function signerPlugin(env: NodeJS.ProcessEnv): string {
  const found = findSignerPlugin(env);
  const problem = found.plugin === undefined ? found.problem : namedProblem(found.plugin);
  if (found.plugin !== undefined && problem === undefined) return found.plugin;
  throw new BaseVerificationError({
    where: WHERE,
    what: `the base image is verified on this machine, and the ${problem}.`,
    fix: `Install it with: ecs-image-verification plugin install, or name its executable in the variable SIGNER_PLUGIN. ${WITHOUT}`,
  });
}

function namedProblem(plugin: string): string | undefined {
  const problem = pluginProblem(plugin);
  return problem === undefined ? undefined : `AWS Signer plugin at ${plugin} ${problem}`;
}
