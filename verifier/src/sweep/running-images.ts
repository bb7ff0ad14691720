import { repositoryOf } from "../../../trust/reference";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import { parseFamily } from "../ecs/arn";
import { parseServiceGroup } from "../ecs/service-group";
import { hasStarted } from "../ecs/subjects";
import type { Subject } from "../verification/subject";
import { imageKey } from "./group-images";
import type { ImagePart } from "./run-state";
import type { RunningTask } from "./running-task";
import type { SweptPlace } from "./swept-image";

/** What runs, by image and place. */
export interface RunningImages {
  /** Adds the containers of a task that have started; the others are under the launch detector's eyes. */
  add(task: RunningTask, subjects: readonly Subject[]): void;
  /** How many containers were added. */
  readonly containers: number;
  /** By the image's key. */
  parts(): ReadonlyMap<string, ImagePart>;
}

interface Collected extends Omit<ImagePart, "places"> {
  readonly places: Map<string, SweptPlace>;
}

/** Collects what runs. */
export function collectImages(): RunningImages {
  const images = new Map<string, Collected>();
  let containers = 0;
  return {
    add(task, subjects) {
      const started = new Set(task.containers.filter(hasStarted).map(({ name }) => name));
      for (const subject of subjects) {
        if (!started.has(subject.container)) continue;
        containers += 1;
        const key = imageKey(subject);
        const image = images.get(key) ?? collected(subject);
        images.set(key, image);
        addPlace(image.places, task, subject.container);
      }
    },
    get containers() {
      return containers;
    },
    parts() {
      return new Map(
        [...images].map(([key, { places, ...image }]) => [key, { ...image, places: [...places.values()] }]),
      );
    },
  };
}

function collected(subject: Subject): Collected {
  const repository = subject.kind === "image" && subject.image ? repositoryOf(subject.image) : undefined;
  return { subject, ...withoutUndefined({ repository }), places: new Map() };
}

/** The group alone tells nothing: whoever starts a task without a service can choose it. */
function addPlace(places: Map<string, SweptPlace>, task: RunningTask, container: string): void {
  const { taskArn, taskDefinitionArn, clusterArn, group, launchType, createdAt } = task;
  const key = JSON.stringify([group, parseFamily(taskDefinitionArn), container]);
  const known = places.get(key);
  places.set(
    key,
    known === undefined
      ? {
          cluster: clusterArn,
          ...withoutUndefined({ group }),
          container,
          containers: 1,
          task: {
            arn: taskArn,
            taskDefinition: taskDefinitionArn,
            ...withoutUndefined({ launchType }),
            createdAt: createdAt.toISOString(),
          },
        }
      : { ...known, containers: known.containers + 1 },
  );
}

/** What tells a place of an image from its others. */
export function placeKey({ cluster, group, container, task }: SweptPlace): string {
  return JSON.stringify([cluster, group, container, parseFamily(task.taskDefinition)]);
}

/**
 * The places of all parts of an image, each once. Those with the most containers are first, but each workload with its largest before
 * the others of any: whoever starts many kinds of tasks of one family must not hide a service behind them.
 */
export function mergePlaces(parts: readonly ImagePart[]): readonly SweptPlace[] {
  const places = new Map<string, SweptPlace>();
  for (const place of parts.flatMap((part) => part.places)) {
    const key = placeKey(place);
    const known = places.get(key);
    places.set(key, known === undefined ? place : { ...known, containers: known.containers + place.containers });
  }
  const sorted = [...places.values()].sort((one, other) => other.containers - one.containers);
  const workloads = new Set<string>();
  const isFirst = (place: SweptPlace) => {
    const workload = workloadKey(place);
    if (workloads.has(workload)) return false;
    workloads.add(workload);
    return true;
  };
  const first = sorted.filter(isFirst);
  const others = new Set(first);
  return [...first, ...sorted.filter((place) => !others.has(place))];
}

/** A service, or a family of tasks without one, whatever group they were started with. */
function workloadKey({ cluster, group, task }: SweptPlace): string {
  return JSON.stringify([cluster, parseServiceGroup(group) ?? null, parseFamily(task.taskDefinition)]);
}
