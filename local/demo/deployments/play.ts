import { z } from "zod";
import type { HookAnswer } from "../../../verifier/src/gate/answer";
import type { Message } from "../../../verifier/src/reporting/message";
import type { Verdict } from "../../../verifier/src/verification/verdict";
import type { AwsCall } from "../../aws";
import { messageAbout } from "../effects";
import type { Stage } from "../stage";
import type { GateScene, GateTake } from "./scene";

/** The verdict on a container of a deployment, and the gate's answer. */
export interface DeploymentRow {
  readonly scene: string;
  readonly take: GateTake;
  readonly container: string;
  readonly verdict: Verdict;
  readonly answer: HookAnswer;
  /** What the answer was recorded as. */
  readonly response: string;
  /** The message to people about this container, if there was one. */
  readonly message: Message | undefined;
}

/** Plays one scene: each call goes through the code that the gate's function runs. */
export async function playDeployments(scene: GateScene, stage: Stage): Promise<DeploymentRow[]> {
  const rows: DeploymentRow[] = [];
  const takes = scene.takes(stage);
  let next = await takes.next();
  while (!next.done) {
    const take = next.value;
    const before = stage.gateAws.calls().length;
    const { answer, verdicts } = await stage.gate.call({ ...take, hookDetails: take.before?.hookDetails ?? {} });
    const calls = stage.gateAws.calls().slice(before);
    for (const [container, verdict] of verdicts) {
      rows.push({
        scene: scene.title,
        take,
        container,
        verdict,
        answer,
        response: recordedAs(calls),
        message: messageAbout(container, calls),
      });
    }
    next = await takes.next(answer);
  }
  return rows;
}

const entriesSchema = z.array(z.object({ Detail: z.string() })).min(1);
const detailSchema = z.object({ response: z.string() });

/** The response in the event that was put. No event is put about a deployment that waits. */
function recordedAs(calls: readonly AwsCall[]): string {
  const put = calls.find(({ operation }) => operation === "EventBridge.PutEvents");
  const [entry] = entriesSchema.safeParse(put?.input.Entries).data ?? [];
  return entry === undefined ? "waiting" : detailSchema.parse(JSON.parse(entry.Detail)).response;
}

/** Whether verdict, answer and message are as the scene expects. */
export function isDeploymentAsExpected({ take, verdict, answer, message }: DeploymentRow): boolean {
  const { expected } = take;
  return (
    expected.verdict === `${verdict.status} ${verdict.code}` &&
    expected.answer === answer.hookStatus &&
    expected.isTold === (message !== undefined)
  );
}
