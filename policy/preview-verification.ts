import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { notationVerifier } from "../build/go";
import { locateProgram } from "../build/program";
import type { Partition } from "../trust/partition";
import { withoutUndefined } from "../trust/text/without-undefined";
import type { RootCertificate } from "../verifier/src/notation/config-folder";
import { findSignerPlugin } from "../verifier/src/notation/signer-plugin";
import { awsRoots, rootsFrom } from "../verifier/src/notation/trust-store";
import { startVerification } from "../verifier/src/verification/on-this-machine";
import { packFolder } from "./pack-folder";
import type { VerifyImage } from "./policies/image-verified";
import { previewOrders } from "./preview-orders";
import { PolicyConfigurationError } from "./resource-policy";

/**
 * Verifies an image on this machine, with the credentials of the user that runs Pulumi. The notation process runs only
 * for one image, because the engine ends a policy pack without notice.
 */
export const verifyImage: VerifyImage = async (reference, trust, settings) => {
  const { signerEndpoint, plainHttp, timeoutSeconds } = settings;
  const orders = settings.orders === undefined ? undefined : previewOrders(settings.orders);
  const verification = await startVerification({
    trust,
    roots: await readRoots(settings.trustStore, trust.partition),
    plugin: await findPlugin(settings.plugin),
    executable: await locateProgram(notationVerifier),
    timeoutMs: timeoutSeconds * 1000,
    plainHttp,
    ...withoutUndefined({ signerEndpoint, around: orders?.around }),
  });
  try {
    const verdict = await verification.verify(reference);
    return { ...verdict, warnings: orders?.warnings ?? [] };
  } finally {
    orders?.close();
    await verification.stop();
  }
};

async function readRoots(trustStore: string | undefined, partition: Partition): Promise<RootCertificate[]> {
  if (trustStore === undefined) return awsRoots(partition);
  try {
    return await rootsFrom(resolve(packFolder, trustStore));
  } catch (error) {
    throw new PolicyConfigurationError([`trustStore: ${toMessage(error)}`], { cause: error });
  }
}

async function findPlugin(configured: string | undefined): Promise<string> {
  const plugin = configured === undefined ? installedPlugin() : resolve(packFolder, configured);
  try {
    await access(plugin, constants.X_OK);
    return plugin;
  } catch (error) {
    throw new PolicyConfigurationError([`plugin: ${plugin} cannot be run: ${toMessage(error)}`], { cause: error });
  }
}

function installedPlugin(): string {
  const found = findSignerPlugin(process.env);
  if (found.plugin !== undefined) return found.plugin;
  throw new PolicyConfigurationError([
    `plugin: the ${found.problem}. Install it (ecs-image-verification plugin install), or name its executable in plugin or SIGNER_PLUGIN`,
  ]);
}

function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
