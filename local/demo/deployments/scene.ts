import type { HookAnswer } from "../../../verifier/src/gate/answer";
import type { ReasonCode, Status } from "../../../verifier/src/verification/verdict";
import type { LocalDeployment } from "../../ecs-deployments";
import type { DemoCall } from "../gate";
import type { Stage } from "../stage";

/** One call of the gate, and what it should come to. */
export interface GateTake {
  readonly deployment: LocalDeployment;
  readonly stage: DemoCall["stage"];
  readonly mode: DemoCall["mode"];
  /** The answer before in this deployment, if it is asked again. */
  readonly before?: HookAnswer;
  readonly expected: {
    readonly verdict: `${Status} ${ReasonCode}`;
    readonly answer: HookAnswer["hookStatus"];
    readonly isTold: boolean;
  };
}

/** Deployments of a service, and what the gate makes of them. */
export interface GateScene {
  readonly title: string;
  /** Each yield gives the answer to the take. */
  readonly takes: (stage: Stage) => AsyncGenerator<GateTake, void, HookAnswer>;
}
