import * as z from "zod";
import { readVariables, sharedSchema } from "../variables";

/** What the canary is told: environment variables of its function. */
export interface CanaryEnvironment {
  /** Name of the environment. */
  readonly environment: string;
  /** ARN of the canary's own cluster. */
  readonly cluster: string;
  /** ARN of the sample's unsigned task definition, with its revision. */
  readonly taskDefinition: string;
  readonly subnets: readonly string[];
  readonly ledgerTable: string;
}

const schema = sharedSchema.pick({ LEDGER_TABLE: true }).extend({
  ENVIRONMENT: z.string().min(1),
  CANARY_CLUSTER: z.string().regex(/^arn:[a-z-]+:ecs:.+:cluster\//, "must be the ARN of a cluster"),
  CANARY_TASK_DEFINITION: z
    .string()
    .regex(/^arn:[a-z-]+:ecs:.+:task-definition\//, "must be the ARN of a task definition"),
  CANARY_SUBNETS: z
    .string()
    .regex(/^subnet-[0-9a-f]+(?:,subnet-[0-9a-f]+)*$/, "must be ids of subnets, with commas between them"),
});

/**
 * Reads the environment variables.
 *
 * @throws SettingsError that names every variable that is missing or wrong.
 */
export function readCanaryEnvironment(env: NodeJS.ProcessEnv): CanaryEnvironment {
  const data = readVariables(schema, env);
  return {
    environment: data.ENVIRONMENT,
    cluster: data.CANARY_CLUSTER,
    taskDefinition: data.CANARY_TASK_DEFINITION,
    subnets: data.CANARY_SUBNETS.split(","),
    ledgerTable: data.LEDGER_TABLE,
  };
}
