import type { ContainerVerdict } from "../ecs/launch-verdict";
import type { Judge } from "../verification/judge";
import type { Subject } from "../verification/subject";
import { within } from "../within";

/**
 * Judges containers in parallel. One that takes longer than the limit is inconclusive for this call, so that the others'
 * verdicts count: ECS asks again.
 *
 * @param limitMs In milliseconds.
 */
export function judgeTarget(
  subjects: readonly Subject[],
  judge: Judge,
  limitMs: number,
): Promise<readonly ContainerVerdict[]> {
  return Promise.all(
    subjects.map(async (subject) => ({
      container: subject.container,
      verdict: (await within(judge(subject), limitMs)) ?? tooSlow(subject, limitMs),
    })),
  );
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
