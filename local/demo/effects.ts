import { z } from "zod";
import type { Launch } from "../../verifier/src/ecs/launch";
import type { Message } from "../../verifier/src/reporting/message";
import type { ResponseOutcome } from "../../verifier/src/reporting/response-outcome";
import type { AwsCall } from "../aws";

/** The result of an event. `retry`: it could not be judged yet, and Lambda sends it again. */
export type TakeResponse = Extract<ResponseOutcome, "none" | "stopped" | "rolled-back-and-stopped"> | "retry";

/** The number of calls to AWS for each action. */
export interface Effects {
  /** Tasks stopped. */
  readonly stops: number;
  /** Deployments rolled back. */
  readonly rollBacks: number;
  /** Messages for people. */
  readonly messages: number;
  /** `Image Verdict` events put on the bus. */
  readonly events: number;
}

const publishSchema = z.object({ Subject: z.string(), Message: z.string() });

/** The actions that ECS was asked to take for a launch. */
export function responseTo({ taskArn }: Launch, calls: readonly AwsCall[]): Exclude<TakeResponse, "retry"> {
  const stopped = selectCalls(calls, "ECS.StopTask").some(({ input }) => input.task === taskArn);
  if (!stopped) return "none";
  return selectCalls(calls, "ECS.StopServiceDeployment").length > 0 ? "rolled-back-and-stopped" : "stopped";
}

/** The message that was sent about a container, whose name is in the subject. */
export function messageAbout(container: string, calls: readonly AwsCall[]): Message | undefined {
  return messagesIn(calls).find(({ subject }) => subject.includes(`: ${container} in `));
}

/** All messages that were sent. */
export function messagesIn(calls: readonly AwsCall[]): readonly Message[] {
  return selectCalls(calls, "SNS.Publish")
    .map(({ input }) => publishSchema.parse(input))
    .map(({ Subject: subject, Message: text }) => ({ subject, text }));
}

export function listEffects(calls: readonly AwsCall[]): Effects {
  return {
    stops: selectCalls(calls, "ECS.StopTask").length,
    rollBacks: selectCalls(calls, "ECS.StopServiceDeployment").length,
    messages: selectCalls(calls, "SNS.Publish").length,
    events: selectCalls(calls, "EventBridge.PutEvents").length,
  };
}

function selectCalls(calls: readonly AwsCall[], wanted: string): readonly AwsCall[] {
  return calls.filter(({ operation }) => operation === wanted);
}
