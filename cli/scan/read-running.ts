import { ECSClient } from "@aws-sdk/client-ecs";
import { describeAwsError } from "../../verifier/src/aws-error";
import { parseEcsArn, parseFamily } from "../../verifier/src/ecs/arn";
import { listClusters } from "../../verifier/src/ecs/clusters";
import { listSubjects } from "../../verifier/src/ecs/subjects";
import { taskDefinitionContainers } from "../../verifier/src/ecs/task-definitions";
import { inParallel } from "../../verifier/src/in-parallel";
import type { RunningContainer } from "../../verifier/src/sweep/group-images";
import { isClusterGone, LISTING_CALLS, listRunningTasks } from "../../verifier/src/sweep/list-running";
import { awsFailure } from "../lib/aws-errors";
import { showCount } from "../lib/count-progress";
import { UsageError } from "../lib/errors";

/** Clusters that are read at a time. */
const AT_ONCE = 4;

/** A cluster or region that could not be read. */
export interface Unread {
  /** For people. */
  readonly place: string;
  readonly error: string;
}

/** What runs. */
export interface Running {
  readonly clusters: number;
  readonly tasks: number;
  readonly containers: readonly RunningContainer[];
  readonly unread: readonly Unread[];
}

interface Place {
  readonly region: string;
  readonly cluster: string;
  readonly read: Reader["read"];
}

type PlaceResult =
  | { readonly place: Place; readonly tasks: number; readonly containers: readonly RunningContainer[] }
  | { readonly place: Place; readonly error: unknown };

/**
 * Reads what runs in some clusters, or in every cluster (`undefined`), of some regions. A cluster that cannot be read is
 * reported, and the others are read.
 *
 * @throws `CommandFailedError` if nothing can be read, {@link UsageError} if a named cluster is not there.
 */
export async function readRunning(
  regions: readonly string[],
  clusters: readonly string[] | undefined,
): Promise<Running> {
  const failures: { readonly place: string; readonly error: unknown }[] = [];
  const places: Place[] = [];
  /** Regions of which it is known that there is nothing to read. */
  let empty = 0;
  for (const region of regions) {
    const { list, read } = createReader(region);
    try {
      const found = clusters === undefined ? await list() : clusters.filter((name) => isIn(name, region));
      if (found.length === 0) empty += 1;
      places.push(...found.map((cluster) => ({ region, cluster, read })));
    } catch (error) {
      failures.push({ place: `the clusters of ${region}`, error });
    }
  }
  const gone: Place[] = [];
  const read: Exclude<PlaceResult, { readonly error: unknown }>[] = [];
  const progress = showCount(process.stderr, places.length, "clusters read");
  let done = 0;
  try {
    for await (const result of inParallel(places, AT_ONCE, readPlace)) {
      done += 1;
      progress.done(done);
      if (!("error" in result)) read.push(result);
      else if (isClusterGone(result.error)) gone.push(result.place);
      else failures.push({ place: `${result.place.cluster} in ${result.place.region}`, error: result.error });
    }
  } finally {
    progress.end();
  }
  const [failure] = failures;
  if (read.length + gone.length + empty === 0 && failure !== undefined) {
    const action = "ecs:ListClusters, ecs:ListTasks and ecs:DescribeTasks";
    throw awsFailure({ asking: "Reading what runs in", of: failure.place, action }, failure.error);
  }
  checkNamed(clusters ?? [], regions, gone, places);
  return {
    clusters: read.length,
    tasks: read.reduce((sum, { tasks }) => sum + tasks, 0),
    containers: read.flatMap(({ containers }) => containers),
    unread: failures.map(({ place, error }) => ({ place, error: describeAwsError(error) })),
  };
}

interface Reader {
  list(): Promise<readonly string[]>;
  read(cluster: string): Promise<{ readonly tasks: number; readonly containers: readonly RunningContainer[] }>;
}

function createReader(region: string): Reader {
  const ecs = new ECSClient({ region, ...LISTING_CALLS });
  const context = { containerNames: taskDefinitionContainers({ client: ecs }) };
  return {
    list: () => listClusters(ecs),
    async read(cluster) {
      const containers: RunningContainer[] = [];
      let tasks = 0;
      for await (const page of listRunningTasks(ecs, { cluster })) {
        for (const task of page) {
          tasks += 1;
          // ECS names the family as the group of a task that is not of a service, unless its starter chose another.
          const { taskArn, clusterArn, group = `family:${parseFamily(task.taskDefinitionArn)}` } = task;
          for (const subject of await listSubjects(task, context)) {
            containers.push({ taskArn, clusterArn, group, subject });
          }
        }
      }
      return { tasks, containers };
    },
  };
}

async function readPlace(place: Place): Promise<PlaceResult> {
  try {
    return { place, ...(await place.read(place.cluster)) };
  } catch (error) {
    return { place, error };
  }
}

/** A name is looked for in every region, an ARN in its own. */
function isIn(cluster: string, region: string): boolean {
  const arn = parseEcsArn(cluster);
  return arn === undefined || arn.region === region;
}

/** A cluster that is named must be in one of the regions; a listed one may have been deleted meanwhile. */
function checkNamed(
  clusters: readonly string[],
  regions: readonly string[],
  gone: readonly Place[],
  places: readonly Place[],
): void {
  const absent = clusters.filter((cluster) => {
    const looked = places.filter((place) => place.cluster === cluster);
    return looked.every((place) => gone.includes(place));
  });
  if (absent.length === 0) return;
  const where = regions.join(", ");
  throw new UsageError(
    `There is no cluster ${absent.join(", ")} in ${where}. aws ecs list-clusters --region ${regions[0]} lists them.`,
  );
}
