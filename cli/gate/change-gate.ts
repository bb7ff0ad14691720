import { setTimeout as sleep } from "node:timers/promises";
import type { ECSClient } from "@aws-sdk/client-ecs";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import {
  changeServices,
  type Gate,
  type GateChange,
  type ServiceResult,
  surveyServices,
} from "../../automation/operations/gate/change-services";
import type { ServiceReference } from "../../verifier/src/gate/attachment/service-reference";
import { UnexpectedHooksError } from "../../verifier/src/gate/attachment/unexpected-hooks-error";
import { askAws, awsFailure } from "../lib/aws-errors";
import { CommandFailedError } from "../lib/errors";
import { showChanges } from "./change-progress";
import { listSelected } from "./list-selected";

/** A run over services, in an environment that has a gate. */
export interface ChangeRun {
  /** One for the whole run: a person may have to log in for each. */
  readonly ecs: ECSClient;
  readonly outputs: EnvironmentOutputs;
  readonly gate: Gate;
  readonly change: GateChange;
  /** The services that were named; undefined for all of them. */
  readonly services: readonly ServiceReference[] | undefined;
  /** Of all services, only those of these clusters, by name or ARN. */
  readonly clusters: readonly string[] | undefined;
}

/** What there is to do, without changing anything. */
export async function surveyGate(run: ChangeRun): Promise<readonly ServiceResult[]> {
  const { ecs, outputs, gate, change } = run;
  const of = `of account ${outputs.account} in ${outputs.region}`;
  const services = run.services ?? (await listSelected(ecs, run.clusters, watchedClusters(run), outputs));
  const describing = { asking: "Describing the services", of, action: "ecs:DescribeServices" };
  const areNamed = run.services !== undefined;
  return askAws(describing, () => surveyServices({ ecs, gate, change, services, areNamed }));
}

/** Attaching everywhere is about what the environment watches; nothing of it may stay anywhere after detaching. */
function watchedClusters({ change, outputs }: ChangeRun): readonly string[] | undefined {
  return change === "attach" ? outputs.watchedClusters : undefined;
}

/**
 * Changes what is pending, with the progress on standard error, and gives the results of all.
 *
 * @param signal ends the run after the service at work.
 */
export async function changeGate(
  { ecs, gate, change }: ChangeRun,
  surveyed: readonly ServiceResult[],
  signal: AbortSignal,
): Promise<readonly ServiceResult[]> {
  const pending = surveyed.filter(({ outcome }) => outcome.result === "pending").length;
  const progress = showChanges(process.stderr, change, pending);
  const results = new Map(surveyed.map((one) => [one.reference, one]));
  const options = { ecs, gate, change, signal, now: Date.now, pause: sleep };
  try {
    for await (const one of changeServices(options, surveyed)) {
      results.set(one.reference, one);
      progress.changed(one);
    }
  } finally {
    progress.end();
  }
  return [...results.values()];
}

/**
 * The failure of a run, if there is one: the unexpected difference, in all its words, before any other.
 */
export function failureOf(results: readonly ServiceResult[]): CommandFailedError | undefined {
  const failed = results.flatMap(({ reference, outcome }) =>
    outcome.result === "failed" ? [{ service: reference.service, error: outcome.error }] : [],
  );
  const unexpected = failed.find(({ error }) => error instanceof UnexpectedHooksError);
  if (unexpected?.error instanceof UnexpectedHooksError) {
    return new CommandFailedError(unexpected.error.message, { cause: unexpected.error });
  }
  const last = failed.at(-1);
  if (last === undefined) return undefined;
  const question = {
    asking: "Changing the hooks of",
    of: last.service,
    action: "ecs:UpdateService on it, and iam:PassRole for ecs.amazonaws.com on the roles of its hooks",
    advice: "The other services are as the table says; call this again when the cause is gone.",
  };
  return awsFailure(question, last.error);
}
