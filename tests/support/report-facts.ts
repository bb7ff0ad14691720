import type { ReportFacts } from "../../automation/operations/report/build-report";
import type { ReadRecord } from "../../automation/operations/verdict-record";
import type { toRecord } from "../../verifier/src/reporting/record";
import type { SweepSummary } from "../../verifier/src/sweep/sweep-summary";
import type { SweptImage } from "../../verifier/src/sweep/swept-image";
import { type ReasonCode, toStatus } from "../../verifier/src/verification/verdict";
import { launchOf, recordWith, verdictOf } from "./launch";

export const ACCOUNT = "111122223333";
export const ECS = `arn:aws:ecs:eu-west-1:${ACCOUNT}`;
export const REGISTRY = `${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com`;
export const RELEASE = `arn:aws:signer:eu-west-1:${ACCOUNT}:/signing-profiles/release/Ab3dEf6hIj`;
export const RUN = "2026-06-15T12:00:00.000Z";
export const NOW = new Date("2026-06-15T12:30:00.000Z");

/** A digest for each number. */
export function digestOf(number: number): string {
  return `sha256:${number.toString(16).padStart(64, "0")}`;
}

/** An image of the sweep at {@link RUN}; default: trusted, and it runs once in shop/web. */
export function sweptImage(number: number, changes: Partial<SweptImage> = {}): SweptImage {
  const { code = "signature-valid", repository = `${REGISTRY}/team/app-${number}` } = changes;
  const digest = digestOf(number);
  return {
    key: digest,
    kind: "image",
    repository,
    digest,
    reference: `${repository}@${digest}`,
    status: toStatus(code),
    code,
    detail: code === "signature-valid" ? "signed by release" : "the registry lists no signature",
    signers: code === "signature-valid" ? [RELEASE] : [],
    containers: 1,
    morePlaces: 0,
    places: [sweptPlace("shop", "service:web")],
    seenAtLaunch: true,
    since: RUN,
    run: RUN,
    judgedAt: RUN,
    judgedWith: "hash",
    ...changes,
  };
}

/** A place of a swept image. */
export function sweptPlace(cluster: string, group: string | undefined, containers = 1): SweptImage["places"][number] {
  return {
    cluster: `${ECS}:cluster/${cluster}`,
    ...(group === undefined ? {} : { group }),
    container: "web",
    containers,
    task: {
      arn: `${ECS}:task/${cluster}/4cf3f47c77c414b6a44fbc0445d97f3c`,
      taskDefinition: `${ECS}:task-definition/web:1`,
      createdAt: RUN,
    },
  };
}

/** The summary of a sweep of these images. */
export function sweepOf(images: readonly SweptImage[], changes: Partial<SweepSummary> = {}): SweepSummary {
  const containers = images.reduce((sum, image) => sum + image.containers, 0);
  return {
    run: RUN,
    finishedAt: "2026-06-15T12:02:10.000Z",
    clusters: 2,
    tasks: containers,
    containers,
    judged: containers,
    images: images.length,
    byCode: [],
    newlyDenied: 0,
    newlyRevokedOrExpired: 0,
    endingSoon: 0,
    exempted: 0,
    exemptionsEnding: 0,
    neverLaunched: images.filter(({ seenAtLaunch }) => !seenAtLaunch).length,
    unread: [],
    ...changes,
  };
}

/** What a launch's record says; default: shop/web, without a signature, audited. */
export interface RecordedLaunch {
  readonly task?: string;
  readonly service?: string;
  readonly container?: string;
  readonly code?: ReasonCode;
  readonly image?: number;
  readonly detail?: string;
  readonly response?: Parameters<typeof toRecord>[1]["response"];
  readonly final?: boolean;
  readonly createdAt?: Date;
  /** How long the verdict took, in milliseconds. */
  readonly took?: number;
}

/** A record of a launch, as production makes it. */
export function launchRecord(launch: RecordedLaunch = {}): ReadRecord {
  const { task = "t1", service = "web", container = "web", code = "no-signature", image = 1, detail } = launch;
  const { response = "audited", final = true, took = 2000, createdAt = new Date("2026-06-14T10:00:00.000Z") } = launch;
  const digest = digestOf(image);
  const reference = `${REGISTRY}/team/app-${image}@${digest}`;
  return recordWith(verdictOf({ code, digest, reference, ...(detail === undefined ? {} : { detail }) }), {
    container,
    response,
    final,
    launch: {
      ...launchOf(),
      taskArn: `${ECS}:task/shop/${task}`,
      clusterArn: `${ECS}:cluster/shop`,
      group: `service:${service}`,
      createdAt,
    },
    settings: { environment: "prod", mode: response === "audited" ? "audit" : "enforce" },
    now: new Date(createdAt.getTime() + took),
  });
}

/** The facts of a report in which nothing happens. */
export function reportFacts(changes: Partial<ReportFacts> = {}): ReportFacts {
  return {
    place: {
      kind: "environment",
      environment: "prod",
      account: ACCOUNT,
      regions: ["eu-west-1"],
      registry: REGISTRY,
      mode: "audit",
      gateMode: null,
      runbook: null,
      watchedClusters: null,
    },
    sources: [],
    now: NOW,
    running: undefined,
    sweep: undefined,
    history: undefined,
    services: undefined,
    orders: [],
    exemptions: [],
    whatIf: undefined,
    ...changes,
  };
}
