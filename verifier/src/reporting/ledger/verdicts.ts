import { QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { withoutUndefined } from "../../../../trust/text/without-undefined";
import { type LedgerTable, toKey } from "./table";

/** A verdict that the ledger stores: the last one for each container and digest. */
export interface LedgerVerdict {
  readonly container: string;
  readonly digest?: string;
  readonly provisional: boolean;
  readonly status: string;
  readonly code: string;
}

const PREFIX = "container#";

const itemSchema = z
  .object({
    container: z.object({ S: z.string() }),
    digest: z.object({ S: z.string() }).optional(),
    provisional: z.object({ BOOL: z.boolean() }),
    verdict: z.object({ S: z.string() }),
    code: z.object({ S: z.string() }),
  })
  .transform(
    ({ container, digest, provisional, verdict, code }): LedgerVerdict =>
      withoutUndefined({
        container: container.S,
        digest: digest?.S,
        provisional: provisional.BOOL,
        status: verdict.S,
        code: code.S,
      }),
  );

export async function rememberVerdict(table: LedgerTable, task: string, verdict: LedgerVerdict): Promise<void> {
  const { container, digest, provisional, status, code } = verdict;
  await table.reached(() =>
    table.client.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: toKey({ task, entry: `${PREFIX}${container}#${digest ?? ""}` }),
        UpdateExpression: [
          "SET container = :container, verdict = :verdict, code = :code, expiresAt = :expiresAt",
          // A late event with an earlier state must not weaken a verdict on the reported digest.
          `provisional = ${provisional ? "if_not_exists(provisional, :provisional)" : ":provisional"}`,
          ...(digest === undefined ? [] : ["digest = :digest"]),
        ].join(", "),
        ExpressionAttributeValues: {
          ":container": { S: container },
          ":verdict": { S: status },
          ":code": { S: code },
          ":provisional": { BOOL: provisional },
          ":expiresAt": table.expiresAt(),
          ...(digest === undefined ? {} : { ":digest": { S: digest } }),
        },
      }),
    ),
  );
}

/** An unreadable item counts as a failed call: wrong data in the table must not prevent an action. */
export async function readVerdicts(table: LedgerTable, task: string): Promise<readonly LedgerVerdict[]> {
  const verdicts = await table.reached(async () => {
    const { Items = [] } = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: "task = :task AND begins_with(entry, :prefix)",
        ExpressionAttributeValues: { ":task": { S: task }, ":prefix": { S: PREFIX } },
        ConsistentRead: true,
      }),
    );
    return z.array(itemSchema).parse(Items);
  });
  return verdicts === "unreached" ? [] : verdicts;
}
