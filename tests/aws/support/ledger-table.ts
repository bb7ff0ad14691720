import { CreateTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";

/** Makes a table of the ledger, with the keys that `components/verdict-ledger.ts` gives it. */
export async function createLedgerTable(client: DynamoDBClient, name: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["task", "entry"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: [
        { AttributeName: "task", KeyType: "HASH" },
        { AttributeName: "entry", KeyType: "RANGE" },
      ],
    }),
  );
}
