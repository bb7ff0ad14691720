import type { ECSClient } from "@aws-sdk/client-ecs";
import type { Settings } from "../baked-settings";
import { createResponder } from "../detector/respond";
import { taskDefinitionContainers } from "../ecs/task-definitions";
import { assembleJudge, type JudgeParts } from "../reporting/assemble-judge";
import type { AssembledSweep } from "./assemble";
import type { SweepEnvironment } from "./environment";
import type { Pace } from "./pace";
import { paceJudge } from "./signer-pace";
import type { SweepWorker } from "./worker";

/** The parts of a sweep's worker. */
export interface WorkerParts
  extends Pick<JudgeParts, "notation" | "credentialsFor" | "askManagedSigning" | "orders" | "now">,
    Pick<SweepWorker, "log" | "pause"> {
  readonly settings: Settings;
  readonly environment: Pick<SweepEnvironment, "mode" | "resources">;
  readonly assembled: Pick<AssembledSweep, "ledger" | "runs" | "delivery" | "finisher">;
  readonly clients: {
    /** For reading tasks. */
    readonly listing: ECSClient;
    /** For stopping them. */
    readonly ecs: ECSClient;
  };
  /** For what is asked of AWS Signer. */
  readonly pace: Pace;
  readonly deliveryFailed: () => void;
}

/** Puts a sweep's worker together. */
export function assembleWorker(parts: WorkerParts): SweepWorker {
  const { settings, environment, assembled, clients, pace, now, log, pause } = parts;
  const { ledger, runs, delivery, finisher } = assembled;
  const { resources, mode } = environment;
  const judge = assembleJudge({
    settings,
    ledger,
    notation: parts.notation,
    credentialsFor: parts.credentialsFor,
    askManagedSigning: parts.askManagedSigning,
    orders: parts.orders,
    now,
    deadlineMs: settings.verificationTimeoutSeconds * 1000,
  });
  return {
    settings,
    mode,
    logGroup: resources.AWS_LAMBDA_LOG_GROUP_NAME,
    runbookUrl: resources.RUNBOOK_URL,
    ecs: clients.listing,
    subjects: { containerNames: taskDefinitionContainers({ client: clients.listing }) },
    runs,
    judge: paceJudge(judge, pace),
    respond: createResponder({
      ecs: clients.ecs,
      ledger,
      // Asked only where the sweep enforces.
      settings: { mode: "enforce", stopBudget: settings.stopBudget },
      now,
    }),
    ledger,
    delivery,
    // What runs is counted as a whole when the sweep ends.
    metrics: { verdict() {}, deliveryFailed: parts.deliveryFailed },
    log,
    finisher,
    now,
    pause,
  };
}
