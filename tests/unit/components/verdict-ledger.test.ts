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

  for (const [wanted, found] of [
    [true, false],
    [false, true],
  ] as const) {
    it(`is an error where DynamoDB says that its deletion protection is ${found}, and ${wanted} was asked for`, async () => {
      const states = { "aws:dynamodb/table:Table": { name: "elsewhere", arn: "arn:table" } };
      const tables = { elsewhere: { deletionProtectionEnabled: found } };
      const name = (preview: boolean) =>
        runProgram(() => ({ name: new VerdictLedger("ledger", { protect: wanted }).tableName }), {
          states,
          tables,
          preview,
        });

      await assert.rejects(name(false), {
        name: "ProtectionOutOfDateError",
        message:
          /deletion protection of the table elsewhere is (?:on|off) instead of (?:on|off)\..*pulumi up --refresh/,
      });
      assert.equal((await name(true)).outputs.name, "elsewhere");
    });
  }

  it("has AWS protect the table as well where it is protected", async () => {
    const result = await runProgram(() => void new VerdictLedger("ledger", { protect: true }));

    assert.deepEqual(children(result), [
      ["ledger-table", "aws:dynamodb/table:Table", { ...TABLE, deletionProtectionEnabled: true }],
    ]);
  });
});
