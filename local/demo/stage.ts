import { expandTrustDocument, parseTrustDocument } from "../../trust";
import type { Settings } from "../../verifier/src/baked-settings";
import type { LaunchDetector } from "../../verifier/src/detector/handle";
import type { Notation } from "../../verifier/src/notation/serve";
import { type LocalAws, startAws } from "../aws";
import { type Closers, makeClosers } from "../closers";
import { type LocalDeployments, localDeployments } from "../ecs-deployments";
import type { SigningProfile } from "../signer/profiles";
import type { LocalSigner } from "../signer/server";
import { type SignedImage, startLocalStack } from "../stack";
import { type Clock, makeClock } from "./clock";
import { startDemoDetector } from "./detector";
import { type DemoEcs, demoEcs } from "./ecs";
import type { Place } from "./events";
import { type DemoGate, startDemoGate } from "./gate";
import { type DemoOrders, demoOrders } from "./orders";
import { type DemoSweep, startDemoSweep } from "./sweep/start";

const PLACE: Place = { region: "eu-west-1", account: "111122223333" };
const OTHER_ACCOUNT = "444455556666";
const DAY_MS = 24 * 60 * 60_000;

/** How long a trusted verdict is kept: the longest time for which a revocation can go unnoticed. */
export const VERDICT_TTL_SECONDS = 300;

/** The image that the trust document of the demo exempts. */
export const EXEMPTED = {
  name: "public.ecr.aws/aws-observability/aws-for-fluent-bit",
  digest: `sha256:${"4c7d9e0b".repeat(8)}`,
} as const;

/** The repository whose images need an approval beside the signature of the release. */
export const APPROVED = "shop/payments";

/** What the scenes use: the stand-ins, and the code that the Lambda function runs. */
export interface Stage {
  readonly place: Place;
  /** `127.0.0.1:PORT`, the one registry that the trust document lists. */
  readonly registry: string;
  readonly signer: LocalSigner;
  /** The profile that the trust document lists. */
  readonly release: SigningProfile;
  /** The profile that must have signed the images of {@link APPROVED} as well. */
  readonly approval: SigningProfile;
  /** A profile of another account, which the trust document does not list. */
  readonly otherTeam: SigningProfile;
  readonly clock: Clock;
  readonly detector: LaunchDetector;
  /** The stand-in for the AWS services other than Signer, which records its calls. */
  readonly aws: LocalAws;
  /** Its ECS data. */
  readonly ecs: DemoEcs;
  readonly gate: DemoGate;
  /** The stand-in for the AWS services that the gate calls. */
  readonly gateAws: LocalAws;
  /** The services whose deployments the gate is asked about. */
  readonly deployments: LocalDeployments;
  readonly orders: DemoOrders;
  readonly sweep: DemoSweep;
  /** The time of the demo's clock when it started, in milliseconds since 1970. */
  readonly startedAt: number;
  /** Signs like the command line. */
  readonly sign: (reference: string, profile: SigningProfile) => Promise<SignedImage>;
  readonly close: () => Promise<void>;
}

/** The verifier does not become ready with the chosen Signer plugin. */
export class PluginUnusableError extends Error {
  override readonly name = "PluginUnusableError";
}

/** @throws PluginUnusableError when `SIGNER_PLUGIN` does not name a working plugin. */
export async function openStage(): Promise<Stage> {
  const { later, close } = makeClosers();
  try {
    const parts = await openParts(later);
    return { ...parts, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openParts(later: Closers["later"]): Promise<Omit<Stage, "close">> {
  const stack = await startLocalStack(PLACE);
  later(() => stack.close());
  const ecs = demoEcs(PLACE);
  const clock = makeClock();
  const deployments = localDeployments({ ...PLACE, cluster: "demo" }, clock.now);
  const aws = await startAws(ecs.answers);
  later(() => aws.close());
  const gateAws = await startAws(deployments.answers);
  later(() => gateAws.close());
  const release = stack.signer.putProfile("release");
  const otherTeam = stack.signer.putProfile("payments", { account: OTHER_ACCOUNT });
  const approval = stack.signer.putProfile("approval");
  const settings = settingsFor(makeTrust(stack.registry, { release, approval }, clock.now()));
  const notation = await stack.notation(settings.trust);
  later(() => notation.stop());
  await checkReady(notation, process.env.SIGNER_PLUGIN);
  const orders = demoOrders();
  const { detector, close } = startDemoDetector({ settings, notation, aws, clock, orders });
  later(close);
  const gate = startDemoGate({ settings, notation, aws: gateAws, clock, orders });
  later(() => gate.close());
  const sweep = startDemoSweep({ settings, notation, aws, clock, orders });
  later(() => sweep.close());
  return {
    place: PLACE,
    registry: stack.registry,
    signer: stack.signer,
    release,
    approval,
    otherTeam,
    clock,
    detector,
    aws,
    ecs,
    gate,
    gateAws,
    deployments,
    orders,
    sweep,
    startedAt: clock.now(),
    sign: (reference, { arn }) => stack.sign(reference, arn),
  };
}

/** An environment that enforces; all other settings have their defaults. */
function settingsFor(trust: Settings["trust"]): Settings {
  return {
    environment: "demo",
    mode: "enforce",
    onInconclusive: "alert",
    giveUpAfterSeconds: 150,
    verdictTtlSeconds: VERDICT_TTL_SECONDS,
    verificationTimeoutSeconds: 10,
    maxSignatures: 50,
    stopBudget: 20,
    ledgerDays: 30,
    exemptionHours: 8,
    trust,
  };
}

function makeTrust(
  registry: string,
  { release, approval }: Readonly<Record<"release" | "approval", SigningProfile>>,
  now: number,
) {
  const document = parseTrustDocument({
    registries: [registry],
    statements: [
      { name: "release", repositories: ["*"], identities: [release.arn] },
      {
        name: "approved",
        repositories: [`${registry}/${APPROVED}`],
        require: [{ identities: [release.arn] }, { identities: [approval.arn] }],
      },
    ],
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
