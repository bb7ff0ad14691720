import type { DeploymentCheckResult } from "../detector/deployment-check";
import { parseDeploymentCheckRequest } from "../detector/deployment-check";
import type { HookAnswer } from "../gate/answer";
import { answerCall } from "../gate/answer-call";
import { readGateEnvironment } from "../gate/environment";
import { HEARTBEAT_REQUEST, isHeartbeat } from "../gate/heartbeat";
import { type StartedGate, startGate } from "../gate/start";

/** The folder in the image with the files added at build time. */
const IMAGE_FOLDER = "/opt/ecs-image-verification";

const environment = readGateEnvironment(process.env);
let started: StartedGate | undefined;

/** Not at the top of the module: what fails there fails the call before there can be an answer. */
function start(): StartedGate {
  started ??= startGate(process.env, IMAGE_FOLDER, environment);
  return started;
}

/**
 * ECS calls this at the lifecycle stages of a deployment; a schedule to keep it awake, and each deployment of it to check it.
 * A call of ECS never fails. The other two do, if the gate cannot be started.
 */
export async function handler(event: unknown): Promise<HookAnswer | DeploymentCheckResult | typeof HEARTBEAT_REQUEST> {
  try {
    if (isHeartbeat(event)) {
      start().gate.metrics.heartbeat();
      return HEARTBEAT_REQUEST;
    }
    const asked = parseDeploymentCheckRequest(event);
    if (asked !== undefined) return start().checkDeployment(asked);
    // What ECS really sends is worth a line: most of it was only read about (docs/assumptions.md).
    writeLine({ level: "INFO", message: "Hook Call", call: event });
    return await answerCall(event, { environment, start: () => start().gate, now: Date.now, onFailure });
  } finally {
    publish();
  }
}

function onFailure(what: string, error: unknown): void {
  started?.gate.metrics.failed();
  // The logger may be what could not be started.
  const reason = error instanceof Error ? (error.stack ?? error.message) : error;
  writeLine({ level: "ERROR", message: what, reason });
}

function publish(): void {
  try {
    started?.publish();
  } catch (error) {
    writeLine({ level: "ERROR", message: "The metrics could not be written", reason: String(error) });
  }
}

/**
 * Writes a line of JSON to the log. Not by `console`: Lambda's runtime puts time, request and level before what that writes, and
 * the line would not be JSON any more.
 */
function writeLine(line: object): void {
  let text: string;
  try {
    text = JSON.stringify(line);
  } catch (error) {
    // A call may be nested too deep.
    text = JSON.stringify({ level: "ERROR", message: "A line could not be written", reason: String(error) });
  }
  process.stdout.write(`${text}\n`);
}
