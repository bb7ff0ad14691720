import { referenceOf } from "../orders/judge-with-orders";
import type { Verdict } from "../verification/verdict";
import type { RunState } from "./run-state";
import type { RunStore } from "./run-store";
import { mergePlaces } from "./running-images";
import { toSwept } from "./to-swept";

/** What is needed to note that an image was not judged. */
export interface NotJudgedParts {
  readonly runs: Pick<RunStore, "readImage" | "recall" | "remember">;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Remembers an image that runs and could not be judged at any attempt, so that nobody takes it for one that no longer runs. What was
 * known of it before stays.
 */
export async function rememberNotJudged({ runs, now }: NotJudgedParts, run: RunState, key: string): Promise<void> {
  const [first, ...others] = await runs.readImage(run.run, key);
  if (first === undefined) return;
  const { subject } = first;
  const previous = await runs.recall(key);
  const verdict: Verdict = {
    status: "inconclusive",
    code: "verifier-failed",
    detail: "the sweep could not judge it at any attempt: its dead-letter queue has it, and its log says why",
    reference: referenceOf(subject),
    provisional: false,
    milliseconds: 0,
    ...(subject.digest === undefined ? {} : { digest: subject.digest }),
  };
  const image = toSwept({
    key,
    run,
    example: first,
    places: mergePlaces([first, ...others]),
    verdict,
    previous,
    seenAtLaunch: previous?.seenAtLaunch === true,
    judgedWith: "nothing",
    trust: { exemptions: [] },
    now: new Date(now()),
  });
  await runs.remember(image);
}
