import assert from "node:assert/strict";
import { terminalPulumi } from "../../../cli/environments/terminal-pulumi";
import { fakePulumi } from "../automation/fake-pulumi";

/** Calls the CLI as the Automation API does, and gives the signal that reaches it. */
async function signalThatArrives(isTerminal: boolean, signal: AbortSignal): Promise<AbortSignal> {
  const arrived: unknown[] = [];
  const { command } = fakePulumi(() => ({ stdout: "" }));
  const run = async (...call: readonly unknown[]) => arrived.push(call[5]);
  const pulumi = terminalPulumi(Object.assign(command, { run }), isTerminal) as unknown as { run: typeof run };
  await pulumi.run(["up"], "/project", {}, undefined, undefined, signal);
  const [handedOn] = arrived;
  assert.ok(handedOn instanceof AbortSignal);
  return handedOn;
}

describe("automation: the Pulumi CLI and Ctrl-C", () => {
  for (const [place, isTerminal, reason, aborts] of [
    ["on a terminal, which tells Pulumi of Ctrl-C itself", true, "SIGINT", false],
    ["on a terminal, which knows nothing of kill", true, "SIGTERM", true],
    ["without a terminal", false, "SIGINT", true],
    ["without a terminal", false, "SIGTERM", true],
  ] as const) {
    it(`${place}: ${reason} is ${aborts ? "" : "not "}handed on`, async () => {
      const controller = new AbortController();
      const signal = await signalThatArrives(isTerminal, controller.signal);

      controller.abort(reason);

      assert.equal(signal.aborted, aborts);
    });
  }
});
