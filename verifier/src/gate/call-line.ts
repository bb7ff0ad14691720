import * as z from "zod";
import { parseJson } from "../../../trust/text/parse-json";
import { parseHookCall } from "./call";

const MESSAGE = "Hook Call";

/** A pattern of CloudWatch Logs for the lines of {@link formatCallLine} (user guide, "Filter pattern syntax"). */
export const CALL_LINES = `"${MESSAGE}"`;

/** The line of the log for a call of ECS, whatever it is. */
export function formatCallLine(call: unknown): string {
  return JSON.stringify({ level: "INFO", message: MESSAGE, call });
}

/** A call of ECS as the log has it. */
export interface LoggedCall {
  /** Undefined if the gate could not read it. */
  readonly stage: string | undefined;
  /** ARN of the service deployment, or what the call has in its place. */
  readonly deployment: string;
  /** Why the gate could not read the call. */
  readonly problem?: string;
}

const callLine = z.object({ message: z.literal(MESSAGE), call: z.unknown() });

/**
 * Reads a line of the log; undefined if it is another one. Lambda writes the time, the id of the request and the level before
 * what a function logs (Lambda developer guide, "Log and monitor Node.js Lambda functions").
 */
export function readCallLine(line: string): LoggedCall | undefined {
  const parsed = callLine.safeParse(parseJson(line.slice(line.indexOf("{"))));
  if (!parsed.success) return undefined;
  const call = parseHookCall(parsed.data.call);
  if (!("problem" in call)) return { stage: call.stage, deployment: call.deploymentArn };
  const { stage, deployment, problem } = call;
  return { stage, deployment, problem };
}
