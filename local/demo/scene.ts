import type { ReasonCode, Status } from "../../verifier/src/verification/verdict";
import type { TakeResponse } from "./effects";
import type { DemoTask } from "./events";
import type { Stage } from "./stage";

/** What the verdict on a container must be, written as `status code`. */
export type Expectation = `${Status} ${ReasonCode}`;

/** One task event that ECS sends, and what must come of it. */
export interface Take {
  readonly task: DemoTask;
  /** When ECS has sent the event; without it, now. */
  readonly sentAt?: Date;
  /** By the name of the container. */
  readonly expected: Readonly<Record<string, Expectation>>;
  readonly response: TakeResponse;
  /** Nobody is told of the denial: it waits for the digest, or it is one of many that are counted. */
  readonly isUntold?: boolean;
}

/** One story of the demo. */
export interface Scene {
  readonly title: string;
  /** Makes images and signatures and gives the events; each is handled before the next is asked for. */
  readonly takes: (stage: Stage) => AsyncIterable<Take>;
}
