import assert from "node:assert/strict";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createKeeperMemory } from "../../../../../verifier/src/gate/keeper/memory";
import { createLedger } from "../../../../../verifier/src/reporting/ledger";
import { LedgerUnavailableError, refuseWithoutLedger } from "../../../../../verifier/src/reporting/ledger/unavailable";
import { GATE } from "../../../../support/gate-hooks";

describe("the keeper's memory without its table", () => {
  const client = new DynamoDBClient({ region: "eu-west-1" });
  Object.assign(client, { send: async () => Promise.reject(new Error("no answer")) });
  const ledger = createLedger({
    client,
    table: "ledger",
    now: () => 0,
    pause: async () => {},
    days: 1,
    onUnavailable: refuseWithoutLedger,
  });
  const memory = createKeeperMemory({ ledger, targetArn: GATE.targetArn, now: () => 0 });
  const service = { serviceArn: "arn:aws:ecs:eu-west-1:111122223333:service/shop/web", createdAt: new Date(0) };

  it("rejects, so that nothing is done without knowing what was done before", async () => {
    const told: string[] = [];
    for (const call of [
      () => memory.historyOf(service),
      () => memory.noteGated(service),
      () => memory.noteRemoved(service),
      () => memory.onceAnHour("jo", async () => void told.push("jo")),
      () => memory.isStopped(),
      () => memory.noteStopped("shop/web"),
    ]) {
      await assert.rejects(call, LedgerUnavailableError);
    }
    assert.deepEqual(told, []);
  });
});
