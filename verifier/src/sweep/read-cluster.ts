import { withoutUndefined } from "../../../trust/text/without-undefined";
import { describeAwsError } from "../aws-error";
import { listSubjects } from "../ecs/subjects";
import { isCanaryImage } from "../reporting/canary";
import type { SweepCoordinator } from "./coordinator";
import { isClusterGone, readTaskPage } from "./list-running";
import type { ClusterState } from "./run-state";
import { collectImages } from "./running-images";

/** Pages of a hundred tasks that are read before what they have is stored: what a killed invocation reads again at most. */
const PAGES_PER_PART = 50;
/** How often reading a cluster may fail before the sweep does without it. */
const MOST_FAILURES = 3;

type Reader = Pick<SweepCoordinator, "ecs" | "pace" | "subjects" | "runs" | "canary" | "log">;

/**
 * Reads a cluster from where the last invocation stopped, and stores what runs part by part. Rejects only if that cannot be stored.
 *
 * @param isTimeLeft Whether there is time for another part.
 * @returns how far it came.
 */
export async function readCluster(
  reader: Reader,
  run: string,
  from: ClusterState,
  isTimeLeft: () => boolean,
): Promise<ClusterState> {
  let cluster = from;
  while (cluster.state === "open" && isTimeLeft()) {
    cluster = await nextState(reader, run, cluster, isTimeLeft);
    await reader.runs.saveCluster(run, cluster);
  }
  return cluster;
}

async function nextState(
  reader: Reader,
  run: string,
  cluster: ClusterState,
  isTimeLeft: () => boolean,
): Promise<ClusterState> {
  let part: Part;
  try {
    part = await readPart(reader, cluster, isTimeLeft);
  } catch (error) {
    if (isClusterGone(error)) return { ...cluster, state: "read" };
    reader.log.error(`The tasks of ${cluster.arn} could not be read`, error);
    const failures = cluster.failures + 1;
    const state = failures < MOST_FAILURES ? "open" : "unread";
    // A token may no longer be good: the next attempt begins anew, and writes the same parts again.
    const { next: _, isStopping: __, ...begun } = cluster;
    return { ...begun, state, parts: 0, tasks: 0, containers: 0, failures, error: describeAwsError(error) };
  }
  const { images, tasks, next } = part;
  await reader.runs.savePart(run, cluster.arn, cluster.parts, images.parts());
  const { next: _, ...read } = cluster;
  return {
    ...read,
    ...withoutUndefined({ next }),
    // What is being stopped comes last: it runs as long as its task definition lets it.
    ...(next === undefined ? { isStopping: true as const } : {}),
    state: next === undefined && cluster.isStopping ? "read" : "open",
    parts: cluster.parts + 1,
    tasks: cluster.tasks + tasks,
    containers: cluster.containers + images.containers,
  };
}

interface Part {
  readonly images: ReturnType<typeof collectImages>;
  readonly tasks: number;
  readonly next: string | undefined;
}

async function readPart(
  { ecs, pace, subjects, canary }: Reader,
  { arn, next: from, isStopping }: ClusterState,
  isTimeLeft: () => boolean,
): Promise<Part> {
  const query = { cluster: arn, ...(isStopping ? { desiredStatus: "STOPPED" as const } : {}) };
  const images = collectImages();
  let tasks = 0;
  let next = from;
  for (let page = 0; page < PAGES_PER_PART; page += 1) {
    const read = await readTaskPage(ecs, query, next, pace);
    tasks += read.tasks.length;
    for (const task of read.tasks) {
      const found = await listSubjects(task, subjects);
      images.add(
        task,
        found.filter(
          ({ digest }) => !isCanaryImage(canary, { cluster: arn, taskDefinition: task.taskDefinitionArn, digest }),
        ),
      );
    }
    next = read.next;
    if (next === undefined || !isTimeLeft()) break;
  }
  return { images, tasks, next };
}
