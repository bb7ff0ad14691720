import assert from "node:assert/strict";
import { UnexpectedHooksError } from "../../../../../verifier/src/gate/attachment/unexpected-hooks-error";
import { formatRemoved, formatStopped } from "../../../../../verifier/src/gate/keeper/messages";

const PLACE = { environment: "prod", runbookUrl: undefined };
const SERVICE = {
  serviceArn: "arn:aws:ecs:eu-west-1:111122223333:service/shop/web",
  serviceName: "web",
  clusterArn: "arn:aws:ecs:eu-west-1:111122223333:cluster/shop",
};
const stopped = new UnexpectedHooksError(SERVICE.serviceArn, [], [], []);

/** The row that names the runbook. */
const runbookIn = ({ text }: { readonly text: string }) => /^Runbook\s+(\S+)$/m.exec(text)?.[1];

describe("the keeper's messages", () => {
  it("name the section of the runbook about them", () => {
    assert.equal(runbookIn(formatRemoved(PLACE, [SERVICE], new Map())), "docs/runbook.md#gate-alarm-removed");
    assert.equal(runbookIn(formatStopped(PLACE, stopped)), "docs/runbook.md#gate-alarm-keeper-failed");
  });

  it("link to the environment's own runbook, if it has one", () => {
    const own = { ...PLACE, runbookUrl: "https://wiki.example.com/runbook" };

    assert.equal(
      runbookIn(formatRemoved(own, [SERVICE], new Map())),
      "https://wiki.example.com/runbook#gate-alarm-removed",
    );
    assert.equal(runbookIn(formatStopped(own, stopped)), "https://wiki.example.com/runbook#gate-alarm-keeper-failed");
  });
});
