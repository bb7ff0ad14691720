import type { Message } from "../../../verifier/src/reporting/message";
import type { SweptImage } from "../../../verifier/src/sweep/swept-image";
import { messagesIn } from "../effects";
import type { Row } from "../play";
import type { Stage } from "../stage";
import type { SweepResult } from "./start";

/** An image that runs, as a sweep found it. */
export interface SweptRow {
  readonly scene: string;
  readonly image: SweptImage;
  /** The message to people about it, if there was one. */
  readonly message: Message | undefined;
  /** The verdict and whether people are told, as they should be. */
  readonly expected: { readonly verdict: string; readonly isTold: boolean };
}

/** What the sweeps of the demo found. */
export interface PlayedSweeps {
  readonly rows: readonly SweptRow[];
  readonly last: SweepResult;
}

const DAY_MS = 24 * 60 * 60_000;
/** The container whose image is revoked while it runs. */
const REVOKED = "web";

/** Sweeps twice what the launches have left running: between the two a signature is revoked, and nothing is launched. */
export async function playSweeps(stage: Stage, launches: readonly Row[]): Promise<PlayedSweeps> {
  const launched = launches.find(({ container, verdict }) => container === REVOKED && verdict.status === "trusted");
  const job = launched?.verdict.signature?.job;
  if (job === undefined) throw new Error(`No image of the container ${REVOKED} runs.`);

  const first = await sweep(stage);
  stage.signer.revokeJob(job);
  stage.clock.advance(DAY_MS);
  const second = await sweep(stage);

  const wasDigest = launched?.verdict.digest;
  return {
    rows: [
      ...first.images.map((image) => toRow("a first look at everything that runs, told in one message", image, first)),
      ...second.images.map((image) =>
        toRow(
          "a day later, after the signature of shop/web was revoked: nothing was launched, and only the change is told",
          image,
          second,
          image.digest === wasDigest ? "denied signature-revoked" : undefined,
        ),
      ),
    ],
    last: second,
  };
}

async function sweep({ sweep, aws }: Stage) {
  const before = aws.calls().length;
  const result = await sweep.run();
  return { ...result, messages: messagesIn(aws.calls().slice(before)) };
}

/** What ran before should be as its launch was. @param changed What it should be now, which people are told. */
function toRow(
  scene: string,
  image: SweptImage,
  { messages }: { readonly messages: readonly Message[] },
  changed?: string,
): SweptRow {
  const containers = image.places.map(({ container }) => container);
  return {
    scene,
    image,
    message: messages.find(({ subject }) => containers.some((container) => subject.includes(`: ${container} in `))),
    expected: {
      verdict: changed ?? (image.status === "exempt" ? `exempt ${image.code}` : "trusted signature-valid"),
      isTold: changed !== undefined,
    },
  };
}

/** Whether verdict and message are as they should be. */
export function isSweptAsExpected({ image, message, expected }: SweptRow): boolean {
  return expected.verdict === `${image.status} ${image.code}` && expected.isTold === (message !== undefined);
}
