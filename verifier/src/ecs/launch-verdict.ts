import type { Judge } from "../verification/judge";
import type { Subject } from "../verification/subject";
import type { Status, Verdict } from "../verification/verdict";
import type { Launch } from "./launch";
import { listSubjects, type SubjectsContext } from "./subjects";

/** The verdict on one container of a launch. */
export interface ContainerVerdict {
  readonly container: string;
  readonly verdict: Verdict;
}

/** The verdicts on a launch. */
export interface LaunchVerdict {
  /** Denied if any container is denied; otherwise inconclusive if any is inconclusive; otherwise trusted. */
  readonly status: Exclude<Status, "exempt">;
  readonly containers: readonly ContainerVerdict[];
}

/** Judges the containers of a launch in parallel: all, or those without a final verdict. */
export async function judgeLaunch(
  launch: Launch,
  judge: Judge,
  context: SubjectsContext,
  isOpen: (subject: Subject) => boolean = () => true,
): Promise<LaunchVerdict> {
  const subjects = (await listSubjects(launch, context)).filter(isOpen);
  const containers = await Promise.all(
    subjects.map(async (subject) => ({ container: subject.container, verdict: await judge(subject) })),
  );
  return toLaunchVerdict(containers);
}

/** The verdict on a launch, from those on its containers. */
export function toLaunchVerdict(containers: readonly ContainerVerdict[]): LaunchVerdict {
  return { status: statusOfLaunch(containers.map(({ verdict }) => verdict.status)), containers };
}

/** The status of a task from those of its containers. */
export function statusOfLaunch(statuses: readonly Status[]): LaunchVerdict["status"] {
  if (statuses.includes("denied")) return "denied";
  return statuses.includes("inconclusive") ? "inconclusive" : "trusted";
}
