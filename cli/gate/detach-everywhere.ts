import { ECSClient } from "@aws-sdk/client-ecs";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import { CommandFailedError, InterruptedError } from "../lib/errors";
import { type ChangeRun, changeGate, failureOf, surveyGate } from "./change-gate";
import { resultLine, summaryLine } from "./change-text";
import { gateOf } from "./deployed-gate";

/**
 * Takes the gate of an environment away from every service of its account and region, with the progress on standard
 * error.
 *
 * @throws {@link CommandFailedError} if a service keeps it: it could not be deployed any more without the gate's function.
 */
export async function detachEverywhere(outputs: EnvironmentOutputs, signal: AbortSignal): Promise<void> {
  const gate = gateOf(outputs);
  const { environment } = outputs;
  if (gate === undefined) return note(`The environment ${environment} has no deployment gate.`);
  const ecs = new ECSClient({ region: outputs.region, maxAttempts: 5 });
  const run: ChangeRun = { ecs, outputs, gate, change: "detach", services: undefined, clusters: undefined };
  note(`Taking the gate of ${environment} away`);
  const results = await changeGate(run, await surveyGate(run), signal);
  note(summaryLine("detach", results));
  const failure = failureOf(results);
  if (failure !== undefined) throw failure;
  // A service that is being deleted is not deployed again.
  const keeping = results.filter(
    ({ outcome }) =>
      outcome.result === "pending" || (outcome.result === "skipped" && outcome.reason === "deployment-in-progress"),
  );
  if (keeping.length === 0) return;
  const message = [
    "These services still have the gate, so nothing was removed:",
    ...keeping.map((one) => `  ${resultLine("detach", one)}`),
    signal.aborted
      ? "Call this again, and it goes on with what is left."
      : "Call this again when their deployments have ended.",
  ].join("\n");
  throw signal.aborted ? new InterruptedError(message) : new CommandFailedError(message);
}

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
