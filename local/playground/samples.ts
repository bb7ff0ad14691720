import type { ReasonCode } from "../../verifier/src/verification/verdict";
import { pushImage } from "../images";
import type { Repository } from "../registry-client";
import { pushSignature } from "../signatures";
import { payloadFor, type SignaturePayload } from "../signer/envelope";
import type { SigningProfile } from "../signer/profiles";
import type { LocalSigner } from "../signer/server";
import type { SignedPayload } from "../signer/signing";

const DAY_MS = 24 * 60 * 60_000;
const TAG = "1.0";

/** The signing profiles of the samples. */
export interface SampleProfiles {
  /** Whom the trust document trusts. */
  readonly release: SigningProfile;
  /** Who must have signed `pay` as well. */
  readonly approval: SigningProfile;
  /** Of another account, and not trusted. */
  readonly otherTeam: SigningProfile;
}

/** An image of the playground's registry. */
export interface Sample {
  /** `127.0.0.1:PORT/REPOSITORY:TAG`. */
  readonly reference: string;
  readonly digest: string;
  /** What was done to it, for people. */
  readonly done: string;
  /** What `verify` says, until somebody changes something. */
  readonly code: ReasonCode;
  readonly signature: SignedPayload | undefined;
}

export type Samples = Awaited<ReturnType<typeof pushSamples>>;

/** Pushes all samples into a registry (`127.0.0.1:PORT`), and signs those that are signed. */
export async function pushSamples(registry: string, signer: LocalSigner, { release, otherTeam }: SampleProfiles) {
  async function push(
    name: string,
    { done, code }: Pick<Sample, "done" | "code">,
    sign?: (payload: SignaturePayload) => SignedPayload,
  ): Promise<Sample> {
    const repository: Repository = { url: `http://${registry}`, name };
    const image = await pushImage(repository, { seed: name, tag: TAG });
    const signature = sign?.(payloadFor(image));
    if (signature !== undefined) await pushSignature(repository, image, signature.envelope);
    return { reference: `${registry}/${name}:${TAG}`, digest: image.digest, done, code, signature };
  }
  const by = (profile: SigningProfile) => (payload: SignaturePayload) => signer.signPayload(payload, profile);

  const web = await push("web", { done: "signed by release", code: "signature-valid" }, by(release));
  const api = await push("api", { done: "not signed", code: "no-signature" });
  const cart = await push("cart", { done: "signature has expired", code: "signature-expired" }, (payload) => {
    const signingTime = new Date(Date.now() - 2 * DAY_MS);
    return signer.signPayload(payload, release, { signingTime, expiry: new Date(Date.now() - DAY_MS) });
  });
  const jobs = await push("jobs", { done: "signature was revoked", code: "signature-revoked" }, (payload) => {
    const signature = by(release)(payload);
    signer.revokeJob(signature.jobArn);
    return signature;
  });
  const stock = await push("stock", { done: "signed by another team", code: "identity-not-trusted" }, by(otherTeam));
  const pay = await push("pay", { done: "signed, not approved", code: "signers-missing" }, by(release));
  const copied = web.signature;
  const gift = await push("gift", { done: "has web's signature", code: "signature-invalid" }, copied && (() => copied));
  return { web, api, cart, jobs, stock, pay, gift };
}
