import { withoutUndefined } from "../../../trust/text/without-undefined";
import { imageSubject, type Subject } from "../verification/subject";
import type { Launch, LaunchContainer } from "./launch";

/** The names of the containers in the task definition, or why they are unknown. */
export type TaskDefinitionNames = ReadonlySet<string> | { readonly error: string };

export interface SubjectsContext {
  /** The container names in the task definition revision; rejects when ECS cannot be asked. */
  readonly containerNames: (taskDefinitionArn: string) => Promise<ReadonlySet<string>>;
}

/** What is read of a launch, or of a running task. */
export type TaskContainers = Pick<Launch, "taskDefinitionArn" | "containers">;

/**
 * The containers of a launch, each with what must be judged.
 * Reads the task definition only if a container looks as if AWS added it; never rejects because of that call.
 */
export async function listSubjects(launch: TaskContainers, context: SubjectsContext): Promise<Subject[]> {
  if (!launch.containers.some(looksInjected)) return subjectsGiven(launch, new Set());
  return subjectsGiven(launch, await namesOrError(launch, context));
}

/** The logic of {@link listSubjects}, given the container names of the task definition. */
export function subjectsGiven(launch: TaskContainers, names: TaskDefinitionNames): Subject[] {
  return launch.containers.map((container) => toSubject(container, names));
}

async function namesOrError(launch: TaskContainers, { containerNames }: SubjectsContext): Promise<TaskDefinitionNames> {
  try {
    return await containerNames(launch.taskDefinitionArn);
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function toSubject(container: LaunchContainer, names: TaskDefinitionNames): Subject {
  if (!looksInjected(container)) return toImageSubject(container);
  const digest = withoutUndefined({ digest: container.imageDigest });
  if ("error" in names) return { kind: "undetermined", container: container.name, ...digest, error: names.error };
  if (names.has(container.name)) return toImageSubject(container);
  return { kind: "aws-injected", container: container.name, ...digest };
}

/**
 * The names that AWS gives to the GuardDuty agent and the Service Connect proxy, whose image ECS does not report.
 * Anyone can use such a name in a task definition, so the name alone proves nothing.
 * The GuardDuty form is that of the event example in the ECS developer guide; its suffix has six characters there.
 */
const INJECTED_NAME = /^(?:aws-guardduty-agent|ecs-service-connect)-[A-Za-z0-9]{1,32}$/;

function looksInjected({ name, image }: LaunchContainer): boolean {
  return image === undefined && INJECTED_NAME.test(name);
}

function toImageSubject(container: LaunchContainer): Subject {
  const { name, image, imageDigest, oddDigest } = container;
  return imageSubject({ container: name, image, digest: imageDigest, oddDigest, hasStarted: hasStarted(container) });
}

const BEFORE_START: ReadonlySet<string> = new Set(["PROVISIONING", "PENDING", "ACTIVATING"]);

/**
 * Whether a container runs or has run. After RUNNING, only containers that the runtime created count: a container whose pull failed is STOPPED as well, but
 * has no runtimeId and never ran.
 */
export function hasStarted({ lastStatus, runtimeId }: Pick<LaunchContainer, "lastStatus" | "runtimeId">): boolean {
  return lastStatus === "RUNNING" || (!BEFORE_START.has(lastStatus) && runtimeId !== undefined);
}
