import { randomUUID } from "node:crypto";
import type { Descriptor } from "../../../local/descriptor";
import { type IndexedImage, pushImage, pushImageIndex } from "../../../local/images";
import type { Repository } from "../../../local/registry-client";
import { pushReferrersTag, pushSignature, type SignatureOptions } from "../../../local/signatures";
import { type EnvelopeContent, payloadFor } from "../../../local/signer/envelope";
import type { SigningProfile } from "../../../local/signer/profiles";
import type { SignedPayload } from "../../../local/signer/signing";
import { type LocalStack, startLocalStack } from "../../../local/stack";
import { expandTrustDocument, parseTrustDocument, type ResolvedTrustDocument, type Statement } from "../../../trust";
import { startVerifiers, type VerifierSettings, type Verifiers } from "./verifiers";
import "./requirements";

/** An image in the scene's registry. */
export interface SceneImage {
  readonly repository: Repository;
  readonly descriptor: Descriptor;
  /** By digest. */
  readonly reference: string;
  readonly taggedReference: string;
}

/** A registry, a Signer with two profiles, and both verifiers, which trust one of them. */
export interface Scene {
  readonly stack: LocalStack;
  /** `127.0.0.1:PORT` of the registry. */
  readonly registry: string;
  /** The profile that the trust document lists. */
  readonly release: SigningProfile;
  /** A profile of somebody else's. */
  readonly foreign: SigningProfile;
  readonly verifiers: Verifiers;
  /** A document with one statement. Default: every repository, and one signature by `release`. */
  trust(fields?: Partial<Omit<Statement, "name">>): ResolvedTrustDocument;
  /** More verifiers, with other settings; ended with the scene. */
  startVerifiers(settings?: VerifierSettings, trust?: ResolvedTrustDocument): Promise<Verifiers>;
  /** Pushes an image that nobody has signed. Its repository is its own. */
  image(repositoryName?: string): Promise<SceneImage>;
  indexedImage(): Promise<IndexedImage & { readonly repository: Repository; reference(manifest: Descriptor): string }>;
  /** Makes a signature of an image, as AWS Signer does but for the overrides. Default: by the profile `release`. */
  makeSignature(image: Signable, overrides?: Partial<EnvelopeContent>, profile?: SigningProfile): SignedPayload;
  /** Makes one, and pushes it. */
  sign(image: Signable, overrides?: Partial<EnvelopeContent>, profile?: SigningProfile): Promise<SignedPayload>;
  /** Pushes a signature after those that the image has already. */
  push(image: Signable, envelope: Buffer, options?: SignatureOptions): Promise<Descriptor>;
  close(): Promise<void>;
}

/** What a signature is made of. */
export type Signable = Pick<SceneImage, "repository" | "descriptor">;

export interface SceneOptions {
  /** Whether the registry has the referrers API. Default: yes. */
  readonly referrers?: boolean;
  /** `127.0.0.1:PORT` of a registry without the referrers API, in place of the local one. */
  readonly registry?: string;
}

export async function startScene(options: SceneOptions = {}): Promise<Scene> {
  const { registry: otherRegistry, referrers = otherRegistry === undefined } = options;
  const stack = await startLocalStack({ referrers });
  const { signer } = stack;
  const registry = otherRegistry ?? stack.registry;
  const release = signer.putProfile("release");
  const foreign = signer.putProfile("release", { account: "999988887777" });
  const started: Verifiers[] = [];
  const pushed = new Map<string, Descriptor[]>();

  const trust: Scene["trust"] = (fields = {}) => {
    const signers = fields.require === undefined ? { identities: [release.arn] } : {};
    const statement = { name: "release", repositories: ["*"], ...signers, ...fields };
    return expandTrustDocument(parseTrustDocument({ registries: [registry], statements: [statement] }), {
      account: signer.account,
      region: signer.region,
    });
  };
  const start: Scene["startVerifiers"] = async (settings, given = trust()) => {
    const verifiers = await startVerifiers(stack, given, settings);
    started.push(verifiers);
    return verifiers;
  };
  const repositoryNamed = (name = `team/${randomUUID()}`): Repository => ({ url: `http://${registry}`, name });
  const makeSignature: Scene["makeSignature"] = ({ descriptor }, overrides = {}, profile = release) =>
    signer.signPayload(payloadFor(descriptor), profile, overrides);
  const push: Scene["push"] = async ({ repository, descriptor }, envelope, signature) => {
    const manifest = await pushSignature(repository, descriptor, envelope, signature);
    const key = `${repository.name}@${descriptor.digest}`;
    const all = [...(pushed.get(key) ?? []), manifest];
    pushed.set(key, all);
    if (!referrers) await pushReferrersTag(repository, descriptor, all);
    return manifest;
  };

  return {
    stack,
    registry,
    release,
    foreign,
    verifiers: await start(),
    trust,
    startVerifiers: start,
    async image(repositoryName) {
      const repository = repositoryNamed(repositoryName);
      const descriptor = await pushImage(repository, { seed: randomUUID(), tag: "v1" });
      const name = `${registry}/${repository.name}`;
      return { repository, descriptor, reference: `${name}@${descriptor.digest}`, taggedReference: `${name}:v1` };
    },
    async indexedImage() {
      const repository = repositoryNamed();
      const image = await pushImageIndex(repository, { seed: randomUUID() });
      return { ...image, repository, reference: ({ digest }) => `${registry}/${repository.name}@${digest}` };
    },
    makeSignature,
    async sign(image, overrides, profile) {
      const signed = makeSignature(image, overrides, profile);
      await push(image, signed.envelope);
      return signed;
    },
    push,
    async close() {
      await Promise.all(started.map(({ notation }) => notation.stop()));
      await stack.close();
    },
  };
}

/** Starts a scene before the tests of a `describe` and ends it after them. The result gives it to a test. */
export function useScene(options: SceneOptions | (() => SceneOptions) = {}): () => Scene {
  let scene: Scene | undefined;
  before(async () => {
    scene = await startScene(typeof options === "function" ? options() : options);
  });
  after(() => scene?.close());
  return () => {
    if (scene === undefined) throw new Error("The scene is there only while tests run.");
    return scene;
  };
}

/** A time so many days from now; negative, before now. */
export function daysFromNow(days: number): Date {
  return new Date(Date.now() + days * 24 * 60 * 60 * 1000);
}
