import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { keyOf, type LedgerTable, unlessRefused } from "./table";

/** The window of the stop budget, in milliseconds. */
const WINDOW_MS = 10 * 60_000;

/** Takes one stop from the cluster's budget of the current window. An unreachable table is no reason not to stop. */
export async function takeStop(table: LedgerTable, cluster: string, budget: number): Promise<boolean> {
  if (budget === 0) return false;
  const taken = await table.reached(() =>
    unlessRefused(
      async () => {
        await table.client.send(
          new UpdateItemCommand({
            TableName: table.name,
            Key: windowOf(table, cluster),
            UpdateExpression: "SET expiresAt = :expiresAt ADD stops :one",
            ConditionExpression: "attribute_not_exists(stops) OR stops < :budget",
            ExpressionAttributeValues: {
              ":one": { N: "1" },
              ":budget": { N: String(budget) },
              ":expiresAt": table.expiresAt(),
            },
          }),
        );
        return true;
      },
      () => false,
    ),
  );
  return taken === "unreached" || taken;
}

/** Gives a stop back that stopped nothing. One that was taken in the window before is gone with it. */
export async function returnStop(table: LedgerTable, cluster: string): Promise<void> {
  await table.reached(() =>
    unlessRefused<unknown>(
      () =>
        table.client.send(
          new UpdateItemCommand({
            TableName: table.name,
            Key: windowOf(table, cluster),
            UpdateExpression: "ADD stops :minusOne",
            ConditionExpression: "stops > :none",
            ExpressionAttributeValues: { ":minusOne": { N: "-1" }, ":none": { N: "0" } },
          }),
        ),
      () => undefined,
    ),
  );
}

function windowOf(table: LedgerTable, cluster: string) {
  const window = new Date(Math.floor(table.now() / WINDOW_MS) * WINDOW_MS).toISOString();
  return keyOf({ task: `budget#${cluster}`, entry: window });
}
