import type { HookAnswer } from "../../../verifier/src/gate/answer";
import type { Message } from "../../../verifier/src/reporting/message";
import type { Verdict } from "../../../verifier/src/verification/verdict";
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
      rows.push({ scene: scene.title, take, container, verdict, answer, message: messageAbout(container, calls) });
    }
    next = await takes.next(answer);
  }
  return rows;
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
