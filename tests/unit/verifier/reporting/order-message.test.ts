import assert from "node:assert/strict";
import { formatOrderMessage } from "../../../../verifier/src/reporting/order-message";
import type { OrderNews } from "../../../../verifier/src/reporting/order-news";

const NEWS: OrderNews = {
  event: "first-use",
  use: {
    order: { id: "1", kind: "exempt", from: "2026-06-15T12:00:00Z", reason: "hotfix" },
    without: { status: "denied", code: "no-signature", detail: "the registry lists no signature" },
    environment: "prod",
    account: "111122223333",
    region: "eu-west-1",
    cluster: "arn:aws:ecs:eu-west-1:111122223333:cluster/orders",
    task: "arn:aws:ecs:eu-west-1:111122223333:task/orders/1",
    container: "web",
    image: "registry.example.com/app",
    digest: `sha256:${"a".repeat(64)}`,
  },
};

describe("the message about an exemption", () => {
  it("names the section of the runbook about it, in the environment's own runbook if it has one", () => {
    const runbooks = [undefined, "https://wiki.example.com/runbook"].map(
      (page) => /^Runbook\s+(\S+)$/m.exec(formatOrderMessage(NEWS, page).text)?.[1],
    );

    assert.deepEqual(runbooks, ["docs/runbook.md#exempted", "https://wiki.example.com/runbook#exempted"]);
  });
});
