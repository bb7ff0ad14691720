import type { ECSClient, Service } from "@aws-sdk/client-ecs";
import { hasEcsController } from "../../../verifier/src/gate/attachment/plan";
import { readTarget, readTaskDefinition, type Target } from "../../../verifier/src/gate/target";
import { inParallel } from "../../../verifier/src/in-parallel";
import type { Judge } from "../../../verifier/src/verification/judge";
import type { Verdict } from "../../../verifier/src/verification/verdict";
import { judgeOnce } from "./judge-once";
import { findRevisions } from "./service-revisions";

/** Which revision of a service: the one that it runs, or the one before. */
export type WhichRevision = "running" | "previous";

export interface CheckedContainer {
  readonly container: string;
  /** The image in the task definition. */
  readonly image: string;
  readonly verdict: Verdict;
}

export interface CheckedRevision {
  readonly which: WhichRevision;
  /** ARN of the revision; undefined if ECS knows none, and the task definition of the service stands for it. */
  readonly revision: string | undefined;
  readonly taskDefinition: string;
  readonly containers: readonly CheckedContainer[];
}

/** What the gate would say about a service now. */
export interface CheckedService {
  readonly service: Service;
  readonly outcome:
    | { readonly result: "checked"; readonly revisions: readonly CheckedRevision[] }
    /** Its deployment controller is not ECS: it cannot have hooks. */
    | { readonly result: "other-controller" }
    /** What it deploys could not be read. */
    | { readonly result: "failed"; readonly error: unknown };
}

/** Services that are worked on at a time: ECS allows 20 descriptions of revisions a second (API reference, "Request throttling"). */
const AT_ONCE = 4;

export interface CheckOptions {
  readonly ecs: ECSClient;
  readonly judge: Judge;
  readonly services: readonly Service[];
}

/**
 * Judges what services run and the revision before it, as the gate would. Each image is judged once. Needs
 * `ecs:ListServiceDeployments`, `ecs:DescribeServiceRevisions` and `ecs:DescribeTaskDefinition`.
 *
 * @returns the services in their order, as they are done. Never rejects because of one of them.
 */
export function checkServices({ ecs, judge, services }: CheckOptions): AsyncGenerator<CheckedService> {
  const once = judgeOnce(judge);
  return inParallel(services, AT_ONCE, async (service): Promise<CheckedService> => {
    if (!hasEcsController(service)) return { service, outcome: { result: "other-controller" } };
    try {
      return { service, outcome: { result: "checked", revisions: await checkRevisions(ecs, once, service) } };
    } catch (error) {
      return { service, outcome: { result: "failed", error } };
    }
  });
}

async function checkRevisions(ecs: ECSClient, judge: Judge, service: Service): Promise<readonly CheckedRevision[]> {
  const { running, previous } = await findRevisions(ecs, service);
  const wanted = [
    ...running.map((revision) => ({ which: "running" as const, revision })),
    ...(previous === undefined ? [] : [{ which: "previous" as const, revision: previous }]),
  ];
  const { taskDefinition = "", serviceArn = "" } = service;
  if (wanted.length === 0) {
    const target = await readTaskDefinition(ecs, taskDefinition, { revisionArn: serviceArn, digests: new Map() });
    return [await checkTarget("running", undefined, target, judge)];
  }
  return Promise.all(
    wanted.map(async ({ which, revision }) => checkTarget(which, revision, await readTarget(ecs, revision), judge)),
  );
}

async function checkTarget(
  which: WhichRevision,
  revision: string | undefined,
  { taskDefinitionArn: taskDefinition, subjects }: Target,
  judge: Judge,
): Promise<CheckedRevision> {
  const containers = subjects.map(async (subject) => ({
    container: subject.container,
    image: subject.kind === "image" ? (subject.image ?? "") : "",
    verdict: await judge(subject),
  }));
  return { which, revision, taskDefinition, containers: await Promise.all(containers) };
}
