import type { ReasonCode, Status } from "../../verifier/src/verification/verdict";
import type { TakeResponse } from "./effects";
import type { DemoTask } from "./events";
import type { Stage } from "./stage";

/** The expected verdict on a container, written as `status code`. */
export type Expectation = `${Status} ${ReasonCode}`;

/** One task event that ECS sends, and the expected result. */
export interface Take {
  readonly task: DemoTask;
  /** When ECS sent the event; default: now. */
  readonly sentAt?: Date;
  /** By the name of the container. */
  readonly expected: Readonly<Record<string, Expectation>>;
  readonly response: TakeResponse;
  /** No message is sent for the denial: it waits for the digest, or it is one of many that are counted. */
  readonly isUntold?: boolean;
}

/** One story of the demo. */
export interface Scene {
  readonly title: string;
  /** Creates images and signatures and yields the events; each is handled before the next is requested. */
  readonly takes: (stage: Stage) => AsyncIterable<Take>;
}
