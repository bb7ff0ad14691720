import assert from "node:assert/strict";
import { VerdictLedger } from "../../../components/verdict-ledger";
import { children, runProgram } from "./run-program";

const TABLE = {
  billingMode: "PAY_PER_REQUEST",
  hashKey: "task",
  rangeKey: "entry",
  attributes: [
    { name: "task", type: "S" },
    { name: "entry", type: "S" },
  ],
  ttl: { attributeName: "expiresAt", enabled: true },
  pointInTimeRecovery: { enabled: true },
  serverSideEncryption: { enabled: true },
  deletionProtectionEnabled: false,
};

describe("VerdictLedger", () => {
  for (const preview of [false, true]) {
    it(`makes one table with the keys that the verifier uses (preview: ${preview})`, async () => {
      const result = await runProgram(() => void new VerdictLedger("ledger"), { preview });

      assert.deepEqual(children(result), [["ledger-table", "aws:dynamodb/table:Table", TABLE]]);
    });
  }

  it("has AWS protect the table as well where it is protected", async () => {
    const result = await runProgram(() => void new VerdictLedger("ledger", { protect: true }));

    assert.deepEqual(children(result), [
      ["ledger-table", "aws:dynamodb/table:Table", { ...TABLE, deletionProtectionEnabled: true }],
    ]);
  });
});
