import type { ReasonCode, Status } from "../../../verifier/src/verification/verdict";
import type { RunningImage, Workload } from "./running-image";
import { workloadKey } from "./running-image";

/** Running containers by status. */
export type StatusCounts = Readonly<Record<Status, number>>;

/** What runs of something, by status. */
export interface Counted {
  readonly images: number;
  readonly containers: StatusCounts;
}

/** Where images are from. */
type RepositoryOf = Pick<RunningImage, "repository" | "kind">;

/** What runs, counted in several ways, each with the most that is not trusted first. */
export interface RunningCounts {
  /** Images and containers of each status. */
  readonly byStatus: readonly { readonly status: Status; readonly images: number; readonly containers: number }[];
  readonly byCode: readonly {
    readonly status: Status;
    readonly code: ReasonCode;
    readonly images: number;
    readonly containers: number;
  }[];
  readonly byCluster: readonly (Counted & { readonly cluster: string })[];
  readonly byWorkload: readonly (Counted & Workload)[];
  /** What has no repository is counted by its kind. */
  readonly byRepository: readonly (Counted & RepositoryOf)[];
  /** Containers at places that are not known one by one: they are missing in the counts by cluster and by workload. */
  readonly elsewhere: number;
}

const NONE: StatusCounts = { trusted: 0, denied: 0, inconclusive: 0, exempt: 0 };

/** In the order of attention. */
const SHOWN: readonly Status[] = ["denied", "inconclusive", "exempt", "trusted"];

export function countRunning(images: readonly RunningImage[]): RunningCounts {
  const clusters = new Tally<{ readonly cluster: string }>();
  const workloads = new Tally<Workload>();
  const repositories = new Tally<RepositoryOf>();
  const codes = new Map<string, { status: Status; code: ReasonCode; images: number; containers: number }>();
  let elsewhere = 0;
  for (const image of images) {
    const { status, code, containers, repository, kind } = image;
    const row = codes.get(code) ?? { status, code, images: 0, containers: 0 };
    codes.set(code, { ...row, images: row.images + 1, containers: row.containers + containers });
    repositories.add(image, JSON.stringify([repository, kind]), { repository, kind }, containers);
    for (const { cluster, group, containers: there } of image.places) {
      clusters.add(image, cluster, { cluster }, there);
      workloads.add(image, workloadKey({ cluster, group }), { cluster, group }, there);
    }
    elsewhere += containers - image.places.reduce((sum, place) => sum + place.containers, 0);
  }
  const byCode = [...codes.values()].sort(
    (one, other) => SHOWN.indexOf(one.status) - SHOWN.indexOf(other.status) || other.containers - one.containers,
  );
  return {
    byStatus: SHOWN.map((status) => {
      const some = byCode.filter((row) => row.status === status);
      return {
        status,
        images: some.reduce((sum, row) => sum + row.images, 0),
        containers: some.reduce((sum, row) => sum + row.containers, 0),
      };
    }),
    byCode,
    byCluster: clusters.rows(),
    byWorkload: workloads.rows(),
    byRepository: repositories.rows(),
    elsewhere,
  };
}

/** Counts containers by status, and distinct images, of each thing. */
class Tally<Thing extends object> {
  readonly #rows = new Map<string, { thing: Thing; images: Set<RunningImage>; containers: Record<Status, number> }>();

  add(image: RunningImage, key: string, thing: Thing, containers: number): void {
    const row = this.#rows.get(key) ?? { thing, images: new Set<RunningImage>(), containers: { ...NONE } };
    row.images.add(image);
    row.containers[image.status] += containers;
    this.#rows.set(key, row);
  }

  rows(): readonly (Thing & Counted)[] {
    return [...this.#rows.values()]
      .map(({ thing, images, containers }) => ({ ...thing, images: images.size, containers }))
      .sort(mostUrgentFirst);
  }
}

function mostUrgentFirst(one: Counted, other: Counted): number {
  for (const status of SHOWN) {
    const difference = other.containers[status] - one.containers[status];
    if (difference !== 0) return difference;
  }
  return 0;
}
