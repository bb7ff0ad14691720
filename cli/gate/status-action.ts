import { ECSClient } from "@aws-sdk/client-ecs";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import { readAttachment } from "../../automation/operations/gate/attachment-state";
import type { Gate } from "../../automation/operations/gate/change-services";
import { judgeReadiness, type Readiness } from "../../automation/operations/gate/readiness";
import type { ServiceReference } from "../../verifier/src/gate/attachment/service-reference";
import { openingFor } from "../../verifier/src/orders/openings";
import type { Verification } from "../../verifier/src/verification/on-this-machine";
import { deployedEnvironment } from "../environments/deployed";
import { UsageError } from "../lib/errors";
import { EXIT } from "../lib/exit-code";
import { checkOnThisMachine } from "./check-action";
import { deployedGate } from "./deployed-gate";
import { describeSelected } from "./describe-selected";
import { startJudging } from "./judging";
import type { JudgingOptions } from "./judging-options";
import { checkPlace, checkSelection, type SelectionOptions } from "./selection";
import { createGathering } from "./status-facts";
import { statusJson } from "./status-json";
import { type ServiceStatus, statusLines, statusTable } from "./status-text";

/** The options of `gate status`. */
export interface StatusOptions extends SelectionOptions, JudgingOptions {
  readonly ready?: true;
  readonly json?: true;
}

/** Prints what the gate does for services, and sets the exit code. */
export async function status(services: readonly ServiceReference[] = [], options: StatusOptions): Promise<void> {
  checkSelection(services, options);
  checkReady(options);
  const outputs = await deployedEnvironment(options);
  const gate = deployedGate(outputs);
  checkPlace(services, outputs);
  const ecs = new ECSClient({ region: outputs.region, maxAttempts: 5 });
  const verification = options.ready ? await startJudging(options, outputs) : undefined;
  try {
    await showStatus(ecs, services, options, { outputs, gate, verification });
  } finally {
    await verification?.stop();
  }
}

interface Deployed {
  readonly outputs: EnvironmentOutputs;
  readonly gate: Gate;
  /** Undefined if nothing is to be judged. */
  readonly verification: Verification | undefined;
}

async function showStatus(
  ecs: ECSClient,
  services: readonly ServiceReference[],
  options: StatusOptions,
  { outputs, gate, verification }: Deployed,
): Promise<void> {
  const described = await describeSelected(ecs, services, options, outputs);
  const gathering = createGathering(ecs, outputs, gate);
  const openings = described.length === 0 ? [] : await gathering.openings();
  const history = verification && (await gathering.history());
  const checked = verification === undefined ? [] : await checkOnThisMachine(ecs, described, verification);

  const statuses: ServiceStatus[] = [];
  for await (const { service, lastDeployment } of gathering.lastDeployments(described, history)) {
    const arn = service.serviceArn ?? "";
    const attachment = readAttachment(service, gate);
    const facts = {
      attachment,
      checked: checked.find((one) => one.service.serviceArn === arn),
      history: history && { records: history.records.get(arn) ?? [], errors: history.errors.get(arn) ?? 0 },
    };
    const opening = openings && openingFor(arn, openings);
    const readiness = options.ready ? judgeReadiness(facts) : undefined;
    statuses.push({ service, attachment, lastDeployment, opening, readiness });
  }
  print(outputs.environment, statuses, options);
  for (const note of gathering.notes) process.stderr.write(`${note}\n`);
  if (statuses.length === 0) process.stderr.write("There are no services.\n");
  process.exitCode = exitCode(
    statuses.map(({ readiness }) => readiness?.ready),
    gathering.notes.length > 0,
  );
}

function checkReady(options: StatusOptions): void {
  if (options.ready || options.trust === undefined) return;
  throw new UsageError("--trust is for --ready: without it, nothing is judged.");
}

function print(environment: string, statuses: readonly ServiceStatus[], { json, ready }: StatusOptions): void {
  if (json) {
    for (const one of statuses) process.stdout.write(`${statusJson(environment, one)}\n`);
  } else if (statuses.length > 0) {
    process.stdout.write([statusTable(statuses, ready === true), ...statuses.flatMap(statusLines), ""].join("\n"));
  }
}

function exitCode(ready: readonly (Readiness["ready"] | undefined)[], isIncomplete: boolean): number {
  if (ready.includes("no")) return EXIT.denied;
  return isIncomplete || ready.includes("unknown") ? EXIT.inconclusive : EXIT.trusted;
}
