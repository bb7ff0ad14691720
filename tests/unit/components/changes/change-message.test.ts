import assert from "node:assert/strict";
import { changeMessage } from "../../../../components/changes/change-message";
import { CHANGE_KINDS } from "../../../../components/changes/change-patterns";
import { apiCall, CALLERS } from "../../../support/api-calls";

const RUNBOOK = "docs/runbook.md#change-alarm-functions";

/** What EventBridge makes of an event: it inserts values into a text unchanged, and nothing for one that is missing. */
function transformed(event: object): string {
  const { inputPaths, inputTemplate } = changeMessage("functions", "prod", RUNBOOK);
  const valueAt = (path: string) =>
    path
      .split(".")
      .slice(1)
      .reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>> | undefined)?.[key], event);
  return JSON.parse(inputTemplate.replace(/<(\w+)>/g, (_, name) => String(valueAt(inputPaths[name] ?? "") ?? "")));
}

describe("the message about a change", () => {
  it("says in one line what was called, by whom and when, and where to read more", () => {
    const text = transformed(apiCall("lambda", "UpdateFunctionCode20150331v2", { functionName: "f" }));

    assert.equal(
      text,
      "Image verification, environment prod: a function was changed by somebody other than the deployment. " +
        "UpdateFunctionCode20150331v2 of lambda.amazonaws.com was called at 2026-06-15T12:00:00Z in eu-west-1 by " +
        "AROAIDPPEZS35WEXAMPLE:session of account 111122223333. Event 3038ebd2-c98a-4c65-9b6e-e22506292313 in CloudTrail tells " +
        `more. Runbook: ${RUNBOOK}`,
    );
  });

  it("can be made whatever names the caller chose, and of callers that have no id", () => {
    const hostile = '","x":"\\ \n<action>';
    const user = { ...CALLERS.user, arn: `arn:aws:iam::111122223333:user/${hostile}/m`, userName: hostile };

    for (const caller of [user, CALLERS.awsService]) {
      const text = transformed(apiCall("lambda", "DeleteFunction20150331", { functionName: hostile }, caller));
      assert.match(text, /DeleteFunction20150331/);
      assert.doesNotMatch(text, /x":/);
    }
  });

  it("says for each kind something else, and uses every value that it takes", () => {
    const messages = CHANGE_KINDS.map((kind) => changeMessage(kind, "prod", RUNBOOK));

    assert.equal(new Set(messages.map(({ inputTemplate }) => inputTemplate)).size, CHANGE_KINDS.length);
    for (const { inputPaths, inputTemplate } of messages) {
      const used = [...inputTemplate.matchAll(/<(\w+)>/g)].map(([, name = ""]) => name);
      assert.deepEqual(used.sort(), Object.keys(inputPaths).sort());
    }
  });
});
