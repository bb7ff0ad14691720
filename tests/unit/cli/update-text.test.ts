import assert from "node:assert/strict";
import type { OperationResult } from "../../../automation";
import { showProgress } from "../../../cli/environments/progress";
import { resultText, stepsText } from "../../../cli/environments/update-text";

const step = (operation: string, type: string, name: string, changed: readonly string[] = []) => ({
  operation,
  resource: { urn: `urn:pulumi:dev::project::${type}::${name}`, type, name },
  changed,
});
const result: OperationResult = {
  changes: { create: 1, update: 2, replace: 1, same: 40 },
  steps: [
    step("update", "ecs-image-verification:components:VerifierFunction", "verifier"),
    step("update", "aws:lambda/function:Function", "verifier-function", ["imageUri"]),
    step("create-replacement", "command:local:Command", "build-time", ["triggers"]),
    step("replace", "command:local:Command", "build-time", ["triggers"]),
    step("create", "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "retries"),
    step("delete-replaced", "command:local:Command", "build-time"),
  ],
  violations: [
    {
      pack: "p",
      policy: "digest-pinned",
      level: "advisory",
      message: "by tag:\nweb",
      resource: { urn: "", type: "", name: "task" },
    },
  ],
};

describe("the commands on environments, for people", () => {
  it("show each step once, aligned, with what changes", () => {
    assert.deepEqual(stepsText(result).split("\n"), [
      "  ~ update  aws:lambda:Function                  verifier-function  [imageUri]",
      "  ± replace command:local:Command                build-time  [triggers]",
      "  + create  aws:lambda:FunctionEventInvokeConfig retries",
    ]);
  });

  it("count what Pulumi counts, and name what is advisory", () => {
    assert.deepEqual(resultText("dev", result, "planned").split("\n"), [
      "dev: 1 to create, 2 to update, 1 to replace (1 component among them), 40 the same.",
      "  advisory digest-pinned: task: by tag:",
      "    web",
    ]);
    assert.equal(
      resultText("dev", { changes: { same: 3 }, steps: [], violations: [] }, "done"),
      "dev: nothing changes, 3 the same.",
    );
  });

  it("show progress as lines where there is no terminal, with the time that each took", () => {
    const lines: string[] = [];
    let now = 0;
    const progress = showProgress({ write: (text: string) => lines.push(text) > 0 }, () => now);
    const [component, update, , , create] = result.steps;
    assert.ok(component && update && create);

    for (const one of [component, update, create]) progress.onEvent({ type: "resource", phase: "started", ...one });
    now = 1500;
    progress.onEvent({ type: "resource", phase: "done", ...update });
    progress.onEvent({ type: "resource", phase: "failed", ...create });
    progress.onEvent({ type: "message", severity: "warning", message: "careful" });
    progress.end();

    assert.deepEqual(lines, [
      "  ~ update  aws:lambda:Function                  verifier-function  1.5 s\n",
      "  + create  aws:lambda:FunctionEventInvokeConfig retries  failed\n",
      "  warning: careful\n",
    ]);
  });
});
