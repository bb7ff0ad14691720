import type { ResolvedTrustDocument } from "../../trust/expand";
import { withoutUndefined } from "../../trust/text/without-undefined";
import type { RootCertificate } from "../../verifier/src/notation/config-folder";
import type { Judge } from "../../verifier/src/verification/judge";
import { startVerification, type Verification } from "../../verifier/src/verification/on-this-machine";
import type { GivenCredentials } from "../../verifier/src/verification/registry/choose-credentials";
import type { CredentialsFor } from "../../verifier/src/verification/registry/ecr-credentials";
import { checkPlaygroundRegistries } from "../playground/in-force";
import { builtVerifier } from "./built-verifier";
import type { VerifierAccess } from "./image-access";
import { findSignerPlugin } from "./signer-plugin";
import { awsRoots, chooseRoots } from "./trust-store";
import { machineLogins } from "./verify-credentials";

/** Images that are judged at a time. */
export const IMAGES_AT_ONCE = 8;

/** Whom an image is judged by. */
export interface JudgingTrust {
  readonly trust: ResolvedTrustDocument;
  readonly roots: readonly RootCertificate[];
}

/** The trust document with the root certificates of `--trust-store`, or otherwise those of AWS in its partition. */
export async function withRoots(trust: ResolvedTrustDocument, trustStore: string | undefined): Promise<JudgingTrust> {
  return { trust, roots: await chooseRoots(trustStore, () => awsRoots(trust.partition)) };
}

/** Starts judging with a trust document, and with the verifier, the Signer plugin and the logins of this machine. */
export async function startOnTrust(
  judging: JudgingTrust,
  { plugin, signerEndpoint, plainHttp, timeout }: VerifierAccess & { readonly timeout: number },
  {
    machineLogins: logins = machineLogins({}, new Set()),
    credentials,
    chooseAround,
  }: {
    /** Default: those of Docker. */
    readonly machineLogins?: CredentialsFor;
    readonly credentials?: GivenCredentials | undefined;
    /** Says what stands around the judge, once everything else is there. */
    readonly chooseAround?: (() => ((judge: Judge) => Judge) | undefined) | undefined;
  } = {},
): Promise<Verification> {
  checkPlaygroundRegistries(judging.trust.registries);
  const found = findSignerPlugin(plugin, process.env);
  return startVerification({
    ...judging,
    plugin: found,
    executable: await builtVerifier(),
    timeoutMs: timeout * 1000,
    plainHttp: plainHttp === true,
    machineLogins: logins,
    ...withoutUndefined({ signerEndpoint, credentials, around: chooseAround?.() }),
  });
}
