import type { Context } from "../context";
import type { Step } from "../step";
import { deploy } from "./deploy";
import { gate } from "./gate";
import { messages } from "./messages";
import { refresh } from "./refresh";
import { revocation } from "./revocation";
import { samples } from "./samples";
import { secondMachine } from "./second-machine";
import { subscription } from "./subscription";
import { teardown } from "./teardown";

/** The steps, in their order. A new one goes before `teardown`, and into docs/acceptance.md. */
export const STEPS: readonly Step<Context>[] = [
  deploy,
  secondMachine,
  refresh,
  subscription,
  samples,
  messages,
  gate,
  revocation,
  teardown,
];
