import { DescribeTaskDefinitionCommand, type ECSClient } from "@aws-sdk/client-ecs";
import { readDigest } from "../ecs/event";
import { imageSubject, type Subject } from "../verification/subject";
import { digestsOf, RevisionError, readRevision } from "./revisions";

/** What a deployment deploys. */
export interface Target {
  readonly taskDefinitionArn: string;
  /** The containers of the task definition, each with what must be judged. */
  readonly subjects: readonly Subject[];
}

/**
 * Reads a service revision and its task definition. A container without a digest is judged through its reference: before the
 * first task starts ECS has resolved no digest (inferred (gate-digest-before-start)), and it never does where no task is wanted
 * or version consistency is off (ECS developer guide, "Software version consistency"). Containers that AWS adds are not in the
 * task definition, and need no verdict. Needs `ecs:DescribeServiceRevisions` and `ecs:DescribeTaskDefinition`.
 *
 * @throws {@link RevisionError} and the errors of the SDK.
 */
export async function readTarget(ecs: ECSClient, revisionArn: string): Promise<Target> {
  const revision = await readRevision(ecs, revisionArn);
  const taskDefinitionArn = revision.taskDefinition;
  if (!taskDefinitionArn) throw new RevisionError(revisionArn, "it has no task definition");
  return readTaskDefinition(ecs, taskDefinitionArn, { revisionArn, digests: digestsOf(revision) });
}

/**
 * Reads what a task definition starts.
 *
 * @param of the digests that are known, by the container's name, and what errors name.
 * @throws {@link RevisionError} and the errors of the SDK.
 */
export async function readTaskDefinition(
  ecs: ECSClient,
  taskDefinitionArn: string,
  of: { readonly revisionArn: string; readonly digests: ReadonlyMap<string, string> },
): Promise<Target> {
  const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: taskDefinitionArn }));
  const containers = taskDefinition?.containerDefinitions ?? [];
  // An empty list would let everything through.
  if (containers.length === 0) throw new RevisionError(of.revisionArn, `${taskDefinitionArn} has no container`);
  return {
    taskDefinitionArn,
    subjects: containers.map(({ name = "", image }) => toSubject(name, image, of.digests.get(name))),
  };
}

function toSubject(container: string, image: string | undefined, reported: string | undefined): Subject {
  const { imageDigest: digest, oddDigest } = readDigest(reported);
  return imageSubject({
    container: container || "unnamed",
    image,
    digest,
    oddDigest,
    // Whether it has started or not: no digest is no reason for a denial here.
    hasStarted: false,
  });
}
