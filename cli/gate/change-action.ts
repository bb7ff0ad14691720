import { ECSClient } from "@aws-sdk/client-ecs";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import type { GateChange, ServiceResult } from "../../automation/operations/gate/change-services";
import type { ServiceReference } from "../../verifier/src/gate/attachment/service-reference";
import { deployedEnvironment } from "../environments/deployed";
import { confirm } from "../lib/confirm";
import { EXIT } from "../lib/exit-code";
import { interruptible } from "../lib/interruptible";
import { type ChangeRun, changeGate, failureOf, surveyGate } from "./change-gate";
import type { ChangeCall, ChangeCommandOptions } from "./change-options";
import { resultJson, resultTable, summaryLine } from "./change-text";
import { deployedGate } from "./deployed-gate";
import { checkPlace, checkSelection } from "./selection";

export const attachGate = (...call: ChangeCall) => run("attach", ...call);
export const detachGate = (...call: ChangeCall) => run("detach", ...call);

/** Attaches or detaches, prints what came of it, and sets the exit code. */
async function run(
  change: GateChange,
  services: readonly ServiceReference[] = [],
  options: ChangeCommandOptions,
): Promise<void> {
  checkSelection(services, options);
  const outputs = await deployedEnvironment(options);
  const gate = deployedGate(outputs);
  checkPlace(services, outputs);
  const clusters = options.cluster;
  const ecs = new ECSClient({ region: outputs.region, maxAttempts: 5 });
  const changeRun: ChangeRun = { ecs, outputs, gate, change, services: options.all ? undefined : services, clusters };
  const surveyed = await surveyGate(changeRun);
  if (options.dryRun) {
    print(outputs, change, surveyed, options);
    return note("Nothing was changed.");
  }
  await confirmAll(changeRun, surveyed, options);
  const { results, aborted } = await interruptible(async (signal) => ({
    results: await changeGate(changeRun, surveyed, signal),
    aborted: signal.aborted,
  }));
  print(outputs, change, results, options);
  const failure = failureOf(results);
  if (failure !== undefined) throw failure;
  if (aborted) note("Interrupted. Call this again, and it goes on with what is left.");
  process.exitCode = aborted ? EXIT.interrupted : exitCode(results, options.all === true);
}

async function confirmAll(
  { change, gate, outputs: { environment } }: ChangeRun,
  surveyed: readonly ServiceResult[],
  { all, yes }: ChangeCommandOptions,
): Promise<void> {
  const pending = surveyed.filter(({ outcome }) => outcome.result === "pending").length;
  if (!all || yes || pending === 0) return;
  const services = pending === 1 ? "1 service" : `${pending} services`;
  const question =
    change === "attach"
      ? `This attaches the gate of ${environment}, mode ${gate.modes.mode}, to ${services}. From then on each of their deployments asks it.`
      : `This takes the gate of ${environment} away from ${services}. From then on nothing is refused before it starts.`;
  await confirm({ question, expected: environment, option: "--yes" });
}

function print(
  { environment }: EnvironmentOutputs,
  change: GateChange,
  results: readonly ServiceResult[],
  { json }: ChangeCommandOptions,
): void {
  if (json) {
    for (const one of results) process.stdout.write(`${resultJson(environment, change, one)}\n`);
  } else if (results.length > 0) {
    process.stdout.write(`${resultTable(change, results)}\n`);
  }
  note(summaryLine(change, results));
}

/** A service that cannot have hooks at all is in nobody's way if all were asked for. */
function exitCode(results: readonly ServiceResult[], all: boolean): number {
  const reasons = results.flatMap(({ outcome }) => (outcome.result === "skipped" ? [outcome.reason] : []));
  const counts = reasons.filter((reason) => reason !== "deployment-in-progress" && (!all || reason === "hook-limit"));
  if (counts.length > 0) return EXIT.denied;
  return reasons.includes("deployment-in-progress") ? EXIT.later : EXIT.trusted;
}

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
