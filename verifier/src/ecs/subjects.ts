import { parseReference, ReferenceInvalidError } from "../../../trust/reference";
import type { Launch, LaunchContainer } from "./launch";

/**
 * Where the digest to judge comes from:
 * - `reported`: ECS says what it pulled. This wins over whatever the reference says.
 * - `reference`: the reference has one, and ECS has not reported any.
 * - `tag`: there is none yet; a verdict through the tag is provisional.
 * - `unreported`: there is none and the container has been started, or ECS reports one that is none; denied as
 *   `digest-unreported`, unless the reference is not even valid.
 */
export type DigestBasis = "reported" | "reference" | "tag" | "unreported";

/** A container whose image has to be judged. Without `image` there is no reference, so it is `reference-invalid`. */
export interface ImageSubject {
  readonly kind: "image";
  readonly container: string;
  readonly image?: string;
  readonly digest?: string;
  /** What ECS reports in place of a digest, as JSON. */
  readonly oddDigest?: string;
  readonly basis: DigestBasis;
}

/** A container that AWS added to the task. */
export interface AwsInjectedSubject {
  readonly kind: "aws-injected";
  readonly container: string;
  readonly digest?: string;
}

/**
 * A container that looks added by AWS, while the task definition could not be asked. Neither exempt (whoever writes
 * task definitions could choose such a name) nor denied (the fault is ours): inconclusive, to be tried again.
 */
export interface UndeterminedSubject {
  readonly kind: "undetermined";
  readonly container: string;
  readonly digest?: string;
  readonly error: string;
}

export type Subject = ImageSubject | AwsInjectedSubject | UndeterminedSubject;

/** The names of the containers in the task definition, or why they are not known. */
export type TaskDefinitionNames = ReadonlySet<string> | { readonly error: string };

export interface SubjectsContext {
  /** The names of the containers that the task definition revision itself has; rejects when it cannot be asked. */
  readonly containerNames: (taskDefinitionArn: string) => Promise<ReadonlySet<string>>;
}

/** An image that is asked about by its reference alone, outside ECS. */
export function imageSubjectOf(image: string): ImageSubject {
  return imageSubject({ name: "image", image, lastStatus: "PROVISIONING" });
}

/**
 * The containers of a launch with what is to be judged of each.
 * Asks for the task definition only if a container looks added by AWS; never rejects because of that.
 */
export async function subjectsOf(launch: Launch, context: SubjectsContext): Promise<Subject[]> {
  if (!launch.containers.some(looksInjected)) return subjectsGiven(launch, new Set());
  return subjectsGiven(launch, await namesOrError(launch, context));
}

/** The decision behind {@link subjectsOf}, with the task definition's container names at hand. */
export function subjectsGiven(launch: Launch, names: TaskDefinitionNames): Subject[] {
  return launch.containers.map((container) => subjectOf(container, names));
}

async function namesOrError(launch: Launch, { containerNames }: SubjectsContext): Promise<TaskDefinitionNames> {
  try {
    return await containerNames(launch.taskDefinitionArn);
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function subjectOf(container: LaunchContainer, names: TaskDefinitionNames): Subject {
  if (!looksInjected(container)) return imageSubject(container);
  const digest = container.imageDigest === undefined ? {} : { digest: container.imageDigest };
  if ("error" in names) return { kind: "undetermined", container: container.name, ...digest, error: names.error };
  if (names.has(container.name)) return imageSubject(container);
  return { kind: "aws-injected", container: container.name, ...digest };
}

/**
 * The names that AWS gives to the GuardDuty agent and the Service Connect proxy, whose image ECS does not report.
 * Anybody may use such a name in a task definition, so this alone proves nothing.
 * The GuardDuty form is that of the ECS developer guide's event example; its suffix has six characters there.
 */
const INJECTED_NAME = /^(?:aws-guardduty-agent|ecs-service-connect)-[A-Za-z0-9]{1,32}$/;

function looksInjected({ name, image }: LaunchContainer): boolean {
  return image === undefined && INJECTED_NAME.test(name);
}

function imageSubject(container: LaunchContainer): ImageSubject {
  const image = container.image === undefined ? {} : { image: container.image };
  const subject = { kind: "image", container: container.name, ...image } as const;
  if (container.imageDigest !== undefined) return { ...subject, digest: container.imageDigest, basis: "reported" };
  if (container.oddDigest !== undefined) return { ...subject, oddDigest: container.oddDigest, basis: "unreported" };
  const digest = digestInReference(container.image);
  if (digest !== undefined) return { ...subject, digest, basis: "reference" };
  return { ...subject, basis: hasStarted(container) ? "unreported" : "tag" };
}

/** An invalid reference has no digest; it is denied for itself later on. */
function digestInReference(image: string | undefined): string | undefined {
  if (image === undefined) return undefined;
  try {
    return parseReference(image).digest;
  } catch (error) {
    if (error instanceof ReferenceInvalidError) return undefined;
    throw error;
  }
}

const BEFORE_START: ReadonlySet<string> = new Set(["PROVISIONING", "PENDING", "ACTIVATING"]);

/**
 * Past RUNNING, only a container that the runtime has made counts: one whose pull failed is STOPPED as well, has no
 * runtimeId, and never ran.
 */
function hasStarted({ lastStatus, runtimeId }: LaunchContainer): boolean {
  return lastStatus === "RUNNING" || (!BEFORE_START.has(lastStatus) && runtimeId !== undefined);
}
