import assert from "node:assert/strict";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createFindingTable } from "../../../../verifier/src/findings/finding-table";
import { ledgerTable } from "../../../../verifier/src/reporting/ledger/table";

describe("a finding in the ledger", () => {
  it("that does not say when its image was last seen was seen at its last change", async () => {
    const item = {
      entry: { S: "id" },
      state: { S: "active" },
      body: { S: '{"Id":"id"}' },
      cluster: { S: "cluster" },
      image: { S: "image" },
      createdAt: { N: "1" },
      updatedAt: { N: "2" },
    };
    const client = Object.assign(new DynamoDBClient({ region: "eu-west-1" }), {
      send: async () => ({ Items: [item] }),
    });
    const onUnavailable = (reason: string) => assert.fail(reason);
    const options = { client, table: "ledger", now: () => 3, pause: async () => {}, days: 14, onUnavailable };

    const known = await createFindingTable(ledgerTable(options)).readAll();

    assert.deepEqual(known, [
      {
        id: "id",
        state: "active",
        body: { Id: "id" },
        cluster: "cluster",
        image: "image",
        createdAt: 1,
        updatedAt: 2,
        observedAt: 2,
      },
    ]);
  });
});
