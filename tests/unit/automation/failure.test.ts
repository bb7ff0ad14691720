import assert from "node:assert/strict";
import { OperationFailed } from "../../../automation";
import type { EnvironmentEvent } from "../../../automation/environments/events";
import { toError } from "../../../automation/environments/failure";
import { fakePulumi } from "./fake-pulumi";

const NO_PLUGIN = "no resource plugin 'pulumi-resource-aws' found in the workspace";
const provider = { urn: "urn:pulumi:dev::p::pulumi:providers:aws::default", type: "pulumi:providers:aws", name: "aws" };

const says = (message: string): EnvironmentEvent => ({ type: "message", severity: "error", message });

/** What is told of an update that fails. */
async function failuresOf(events: readonly EnvironmentEvent[], programError?: unknown) {
  const { command } = fakePulumi(() => ({ stderr: "error: update failed" }));
  const run = command as unknown as { run(args: string[], folder: string, variables: object): Promise<unknown> };
  const error = await run.run(["up"], "/project", {}).catch((thrown: unknown) => thrown);
  const failed = toError({ environment: "dev", operation: "deploy", error, events, programError, cancelled: false });
  assert.ok(failed instanceof OperationFailed);
  return failed.failures;
}

describe("automation: what is told of a failure", () => {
  it("what the engine says, not that the program then heard nothing of it any more", async () => {
    const failures = await failuresOf(
      [{ type: "message", severity: "error", message: NO_PLUGIN, resource: provider }, says("update failed")],
      new Error("Resource monitor is terminating"),
    );

    assert.deepEqual(failures, [{ message: NO_PLUGIN, resource: provider }]);
  });

  it("what the program throws, once, however often the engine repeats it, and without the way there", async () => {
    const message = "The sample cannot be signed.";
    const repeated = [`Unhandled exception: Error: ${message}\n    at program (index.ts:1:1)`, message].map(says);

    assert.deepEqual(await failuresOf(repeated, new Error(message)), [{ message }]);
  });

  it("both, where the program fails beside something else", async () => {
    const failures = await failuresOf(
      [says(NO_PLUGIN), says("Error: too many clusters")],
      new Error("too many clusters"),
    );

    assert.deepEqual(failures, [{ message: NO_PLUGIN }, { message: "too many clusters" }]);
  });

  it("what the program throws, where the engine says nothing", async () => {
    assert.deepEqual(await failuresOf([], new Error("too many clusters")), [{ message: "too many clusters" }]);
  });

  it("what the CLI says, where nobody else says anything", async () => {
    assert.deepEqual(await failuresOf([]), [{ message: "update failed" }]);
  });
});
