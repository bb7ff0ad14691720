import type { Message } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { parseJson } from "../../trust/text/parse-json";
import { EventMalformedError, parseLaunchEvent } from "../../verifier/src/ecs/event";
import type { Launch } from "../../verifier/src/ecs/launch";
import type { QueueKind } from "./queue-kinds";

/** The contents of a queue message. `why` is the service's own text and untrusted. */
export type QueuedEvent =
  | {
      readonly kind: "event";
      /** The event as sent to the function: JSON. */
      readonly payload: string;
      /** Identifies the event, even if it comes back in another message. */
      readonly id: string;
      readonly launch: Launch;
      readonly why: string;
    }
  /** Not an event that the function can process. */
  | { readonly kind: "unusable"; readonly problem: string; readonly why: string };

/**
 * The record that Lambda sends to a failure destination (developer guide, "Capturing records of Lambda asynchronous
 * invocations").
 * An event that expired before it was processed has no response.
 */
const invocationRecord = z.looseObject({
  requestContext: z.looseObject({ condition: z.string(), approximateInvokeCount: z.number().optional() }),
  requestPayload: z.unknown(),
  responsePayload: z.looseObject({ errorType: z.string().optional(), errorMessage: z.string().optional() }).nullish(),
});

/** The fields that only an EventBridge event has. */
const plainEvent = z.looseObject({ source: z.string(), detail: z.unknown() });

const POSTPONED_TOO_LONG =
  "the stop was postponed for twelve windows of ten minutes: over the stop budget, or it failed each time; the function's log says which";

/** Reads a message of the failure queue, or of the dead-letter queue. */
export function readQueuedEvent(kind: QueueKind, message: Pick<Message, "Body" | "MessageAttributes">): QueuedEvent {
  const body = parseJson(message.Body ?? "");
  if (body === undefined) return { kind: "unusable", problem: "it is not valid JSON", why: "" };
  return kind === "failure" ? fromDestination(body) : toQueuedEvent(body, whyUndelivered(message));
}

function fromDestination(body: unknown): QueuedEvent {
  const record = invocationRecord.safeParse(body);
  if (!record.success) {
    // SQS moves a postponed stop here unchanged, after its time in the queue, and does not give a reason.
    if (plainEvent.safeParse(body).success) return toQueuedEvent(body, POSTPONED_TOO_LONG);
    return { kind: "unusable", problem: "it is not Lambda's record of an invocation", why: "" };
  }
  const { requestContext, requestPayload, responsePayload } = record.data;
  const { errorType, errorMessage } = responsePayload ?? {};
  const error = [errorType, errorMessage].filter((part) => part !== undefined && part !== "").join(": ");
  const { condition, approximateInvokeCount: count } = requestContext;
  const attempts = count === undefined ? "" : ` after ${count} ${count === 1 ? "attempt" : "attempts"}`;
  return toQueuedEvent(requestPayload, `${condition}${attempts}${error === "" ? "" : `: ${error}`}`);
}

/** EventBridge gives the reason in attributes (user guide, "Using dead-letter queues"); the body is the original event. */
function whyUndelivered({ MessageAttributes = {} }: Pick<Message, "MessageAttributes">): string {
  const values = ["ERROR_CODE", "ERROR_MESSAGE"].map((name) => MessageAttributes[name]?.StringValue);
  return values.filter((value) => value !== undefined && value !== "").join(": ") || "EventBridge does not say why";
}

function toQueuedEvent(event: unknown, why: string): QueuedEvent {
  try {
    const launch = parseLaunchEvent(event);
    const { id } = z.object({ id: z.string() }).catch({ id: "" }).parse(event);
    return {
      kind: "event",
      payload: JSON.stringify(event),
      id: id || `${launch.taskArn}#${launch.version}`,
      launch,
      why,
    };
  } catch (error) {
    if (!(error instanceof EventMalformedError)) throw error;
    const [first = "it is empty", ...more] = error.problems;
    const others = more.length === 0 ? "" : ` (and ${more.length} more)`;
    return { kind: "unusable", problem: `it is not the launch of a task: ${first}${others}`, why };
  }
}
