import { setTimeout as sleep } from "node:timers/promises";
import type { ContainerVerdict } from "../ecs/launch-verdict";
import type { Judge } from "../verification/judge";
import type { Subject } from "../verification/subject";

/**
 * Judges containers in parallel. One that takes longer than the limit is inconclusive for this call, so that the others'
 * verdicts count: ECS asks again.
 *
 * @param limitMs In milliseconds.
 */
export async function judgeTarget(
  subjects: readonly Subject[],
  judge: Judge,
  limitMs: number,
): Promise<readonly ContainerVerdict[]> {
  const timer = new AbortController();
  const limit = sleep(limitMs, undefined, { signal: timer.signal }).catch(() => {});
  try {
    return await Promise.all(
      subjects.map(async (subject) => ({
        container: subject.container,
        verdict: await Promise.race([judge(subject), limit.then(() => tooSlow(subject, limitMs))]),
      })),
    );
  } finally {
    timer.abort();
  }
}

function tooSlow(subject: Subject, limitMs: number): ContainerVerdict["verdict"] {
  return {
    status: "inconclusive",
    code: "deadline-exceeded",
    detail: `the image was not judged within ${limitMs / 1000} s`,
    reference: subject.kind === "image" ? (subject.image ?? "") : "",
    provisional: subject.digest === undefined,
    milliseconds: limitMs,
  };
}
