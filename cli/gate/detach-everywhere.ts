import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import { CommandFailedError } from "../lib/errors";
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
  const run: ChangeRun = { outputs, gate, change: "detach", services: undefined, clusters: undefined };
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
  throw new CommandFailedError(
    [
      "These services still have the gate, so nothing was removed:",
      ...keeping.map((one) => `  ${resultLine("detach", one)}`),
      "Call this again when their deployments have ended.",
    ].join("\n"),
  );
}

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
