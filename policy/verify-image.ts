import { resolve } from "node:path";
import { findSignerPlugin } from "../automation/cli/images/signer-plugin";
import { awsRoots, rootsFrom } from "../automation/cli/images/trust-store";
import { startVerification } from "../automation/verification";
import { buildGo, notationVerifier } from "../build/go";
import type { VerifyImage } from "./image-verified";

/**
 * Verifies an image on this machine, with the credentials of whoever runs Pulumi. The notation process lives as long
 * as the question, since the engine ends a policy pack without notice.
 */
export const verifyImage: VerifyImage = async (reference, trust, settings) => {
  const { plugin, trustStore, signerEndpoint, plainHttp, timeoutSeconds } = settings;
  const verification = await startVerification({
    trust,
    roots: await (trustStore === undefined ? awsRoots(trust.partition) : rootsFrom(resolve(__dirname, trustStore))),
    plugin: plugin === undefined ? findSignerPlugin(process.env) : resolve(__dirname, plugin),
    executable: await buildGo(notationVerifier),
    timeoutMs: timeoutSeconds * 1000,
    plainHttp,
    ...(signerEndpoint === undefined ? {} : { signerEndpoint }),
  });
  try {
    return await verification.verify(reference);
  } finally {
    await verification.stop();
  }
};
