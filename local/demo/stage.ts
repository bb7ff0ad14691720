import { expandTrustDocument, parseTrustDocument } from "../../trust";
import { createJudge, type Judge } from "../../verifier/src/judge";
import type { Notation } from "../../verifier/src/notation/process";
import { verdictCache } from "../../verifier/src/verdict-cache";
import type { SigningProfile } from "../signer/profiles";
import type { LocalSigner } from "../signer/server";
import { type SignedImage, startLocalStack } from "../stack";
import { type Clock, makeClock } from "./clock";
import type { Place } from "./events";

const PLACE: Place = { region: "eu-west-1", account: "111122223333" };
const OTHER_ACCOUNT = "444455556666";
const DEADLINE_MS = 10_000;
const DAY_MS = 24 * 60 * 60_000;

/** How long a trusted verdict is kept, in milliseconds: the longest time that a revocation stays unseen. */
export const TRUSTED_TTL_MS = 300_000;

/** The image that the trust document of the demo exempts. */
export const EXEMPTED = {
  name: "public.ecr.aws/aws-observability/aws-for-fluent-bit",
  digest: `sha256:${"4c7d9e0b".repeat(8)}`,
} as const;

/** What the scenes are played on: the stand-ins, and the code that the Lambda function runs. */
export interface Stage {
  readonly place: Place;
  /** `127.0.0.1:PORT`, the one registry that the trust document lists. */
  readonly registry: string;
  readonly signer: LocalSigner;
  /** The profile that the trust document lists. */
  readonly release: SigningProfile;
  /** A profile of another account, which it does not. */
  readonly otherTeam: SigningProfile;
  readonly clock: Clock;
  readonly judge: Judge;
  /** Signs as the command line does. */
  readonly sign: (reference: string, profile: SigningProfile) => Promise<SignedImage>;
  readonly close: () => Promise<void>;
}

/** The verifier does not get ready with the Signer plugin that was chosen. */
export class PluginUnusableError extends Error {
  override readonly name = "PluginUnusableError";
}

/** @throws PluginUnusableError when `SIGNER_PLUGIN` names no plugin that works. */
export async function openStage(): Promise<Stage> {
  const stack = await startLocalStack(PLACE);
  try {
    const release = stack.signer.putProfile("release");
    const otherTeam = stack.signer.putProfile("payments", { account: OTHER_ACCOUNT });
    const clock = makeClock();
    const trust = trustOf(stack.registry, release, clock.now());
    const notation = await stack.notation(trust);
    const close = () => notation.stop().finally(() => stack.close());
    await checkReady(notation, process.env.SIGNER_PLUGIN).catch(async (error: unknown) => {
      await notation.stop();
      throw error;
    });
    const cache = verdictCache({ trustedTtlMs: TRUSTED_TTL_MS, max: 1000, now: clock.now });
    return {
      place: PLACE,
      registry: stack.registry,
      signer: stack.signer,
      release,
      otherTeam,
      clock,
      judge: createJudge({
        trust,
        notation,
        cache,
        now: clock.now,
        deadlineMs: DEADLINE_MS,
        // The local registry asks for none. On AWS, here is where ECR's tokens come from.
        credentialsFor: async () => undefined,
      }),
      sign: (reference, { arn }) => stack.sign(reference, arn),
      close,
    };
  } catch (error) {
    await stack.close();
    throw error;
  }
}

function trustOf(registry: string, release: SigningProfile, now: number) {
  const document = parseTrustDocument({
    registries: [registry],
    statements: [{ name: "release", repositories: ["*"], identities: [release.arn] }],
    exemptions: [
      {
        image: `${EXEMPTED.name}@${EXEMPTED.digest}`,
        owner: "platform-team",
        reason: "vendor image, not signed by us",
        expires: new Date(now + 90 * DAY_MS).toISOString().slice(0, 10),
      },
    ],
  });
  return expandTrustDocument(document, { ...PLACE, signingProfileArn: release.arn });
}

async function checkReady(notation: Notation, chosenPlugin: string | undefined): Promise<void> {
  try {
    await notation.versions();
  } catch (error) {
    if (!chosenPlugin) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new PluginUnusableError(
      `The verifier does not start with the Signer plugin that SIGNER_PLUGIN names: ${reason}.\n` +
        "Name the executable of a plugin for AWS Signer, or unset SIGNER_PLUGIN to use the local one.",
    );
  }
}
