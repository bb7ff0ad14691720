import * as z from "zod";
import { type CanaryTask, canaryTask } from "../reporting/canary";
import type { SharedResources } from "../settings";
import { canaryVariables, findingsVariable, listOf, readVariables, sharedSchema } from "../variables";
import { SWEEP_MODES, type SweepMode } from "./mode";

/** What both functions of the sweep are told: environment variables. */
export interface SweepEnvironment {
  /** The resources that every function that judges images uses. */
  readonly resources: SharedResources;
  /** URL of the queue from the coordinator to the worker. */
  readonly queueUrl: string;
  readonly mode: SweepMode;
  /** ARNs of the watched clusters; undefined: every cluster of the account and region. */
  readonly watchedClusters: readonly string[] | undefined;
  /** Name of the function that reads this. */
  readonly functionName: string;
  /** Whether it makes findings in Security Hub. */
  readonly findings: boolean;
  /** The canary's task, which runs for a minute and is denied on purpose. Undefined without a canary. */
  readonly canary: CanaryTask | undefined;
}

const schema = sharedSchema.extend({
  SWEEP_QUEUE_URL: z.string().regex(/^https?:\/\//, "must be the URL of an SQS queue"),
  SWEEP_MODE: z.enum(SWEEP_MODES),
  WATCHED_CLUSTERS: z.string().optional(),
  /** Lambda sets it (developer guide, "Defined runtime environment variables"). */
  AWS_LAMBDA_FUNCTION_NAME: z.string().min(1),
  FINDINGS: findingsVariable,
  ...canaryVariables,
});

/**
 * Reads the environment variables.
 *
 * @throws SettingsError that names every variable that is missing or wrong.
 */
export function readSweepEnvironment(env: NodeJS.ProcessEnv): SweepEnvironment {
  const {
    SWEEP_QUEUE_URL,
    SWEEP_MODE,
    WATCHED_CLUSTERS,
    AWS_LAMBDA_FUNCTION_NAME,
    FINDINGS,
    CANARY_CLUSTER,
    CANARY_TASK_DEFINITION,
    CANARY_DIGEST,
    ...resources
  } = readVariables(schema, env);
  const watched = listOf(WATCHED_CLUSTERS);
  return {
    resources,
    queueUrl: SWEEP_QUEUE_URL,
    mode: SWEEP_MODE,
    watchedClusters: watched.length === 0 ? undefined : watched,
    functionName: AWS_LAMBDA_FUNCTION_NAME,
    findings: FINDINGS === "true",
    canary: canaryTask({ CANARY_CLUSTER, CANARY_TASK_DEFINITION, CANARY_DIGEST }),
  };
}
