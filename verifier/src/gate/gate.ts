import type { ServiceRevision } from "@aws-sdk/client-ecs";
import type { Settings } from "../baked-settings";
import type { FindOpening } from "../orders/openings";
import type { CacheMetrics, RecordMetrics } from "../reporting/metrics";
import type { Reporter } from "../reporting/reporter";
import type { GateOutcome } from "../reporting/response-outcome";
import type { Judge } from "../verification/judge";
import type { GateEnvironment } from "./environment";
import type { ServiceDeploymentFacts } from "./service-deployment";
import type { Target } from "./target";

/** The metrics of the gate. */
export interface GateMetrics extends RecordMetrics, CacheMetrics {
  /** An answer at a stage where the gate judges, and how long it took, in milliseconds. */
  answered(outcome: GateOutcome, milliseconds: number): void;
  /** A call could not be judged: unreadable, too slow, or something failed. */
  failed(): void;
  heartbeat(): void;
}

/** The log of the gate, beside the verdicts. */
export interface GateLog {
  warn(message: string, details: Readonly<Record<string, unknown>>): void;
}

/** The dependencies of the deployment gate. */
export interface Gate extends Reporter {
  readonly settings: Settings;
  readonly environment: GateEnvironment;
  readonly metrics: GateMetrics;
  readonly gateLog: GateLog;
  readonly judge: Judge;
  /** What a service revision deploys. Rejects if it cannot be read. */
  readonly readTarget: (revisionArn: string) => Promise<Target>;
  /** Rejects if it cannot be read. */
  readonly readDeployment: (deploymentArn: string) => Promise<ServiceDeploymentFacts>;
  /** Those of a service's revisions that have been deployed to the end. Rejects if they cannot be read. */
  readonly readRunning: (
    arns: readonly string[],
    service: { readonly serviceArn: string; readonly clusterArn: string },
  ) => Promise<readonly ServiceRevision[]>;
  /** Who owns a service, by its tag; undefined if it has none, or if it cannot be read. */
  readonly ownerOf: (serviceArn: string) => Promise<string | undefined>;
  readonly findOpening: FindOpening;
  /** How long it may take to read what is deployed, and then to judge the containers, in milliseconds. */
  readonly readLimitMs: number;
  readonly judgeLimitMs: number;
}
