import type { Launch } from "./ecs/launch";
import { type SubjectsContext, subjectsOf } from "./ecs/subjects";
import type { Judge } from "./judge";
import type { Status, Verdict } from "./verdict";

/** The verdict on one container of a launch. */
export interface ContainerVerdict {
  readonly container: string;
  readonly verdict: Verdict;
}

/** The verdicts on a launch. */
export interface LaunchVerdict {
  /** Denied if any container is denied, else inconclusive if any is, else trusted. */
  readonly status: Exclude<Status, "exempt">;
  readonly containers: readonly ContainerVerdict[];
}

/** Judges every container of a launch, in parallel. */
export async function judgeLaunch(launch: Launch, judge: Judge, context: SubjectsContext): Promise<LaunchVerdict> {
  const subjects = await subjectsOf(launch, context);
  const containers = await Promise.all(
    subjects.map(async (subject) => ({ container: subject.container, verdict: await judge(subject) })),
  );
  return { status: statusOfLaunch(containers.map(({ verdict }) => verdict.status)), containers };
}

/** The status of a task from those of its containers. */
export function statusOfLaunch(statuses: readonly Status[]): LaunchVerdict["status"] {
  if (statuses.includes("denied")) return "denied";
  return statuses.includes("inconclusive") ? "inconclusive" : "trusted";
}
