import { QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { LRUCache } from "lru-cache";
import * as z from "zod";
import type { RememberedImage, SignatureMemory } from "../../verification/signature-memory";
import { type EntryKey, type LedgerTable, toKey } from "./table";

/** The maximum number of images whose entry is known to be up to date, so that it is not written again. */
const KNOWN_IMAGES = 10_000;
/** An entry is written again after this part of its time, so that it lives as long as the image runs. */
const RENEW_AFTER_PART = 0.5;

const itemSchema = z.object({ signatures: z.object({ S: z.string() }) });

/**
 * Remembers in the ledger which signatures made an image trusted. An entry has the key `image#<registry/repository>` and
 * the digest, in the place of a task.
 */
export function ledgerSignatures(table: LedgerTable, days: number): SignatureMemory {
  const written = new LRUCache<string, { readonly signatures: string; readonly at: number }>({ max: KNOWN_IMAGES });
  const renewAfterMs = days * 86_400_000 * RENEW_AFTER_PART;

  return {
    /** An unreadable item counts as a failed call, and nothing is remembered. */
    async recall(image) {
      const signatures = await table.reached(async () => {
        const { task, entry } = entryOf(image);
        const { Items = [] } = await table.client.send(
          new QueryCommand({
            TableName: table.name,
            KeyConditionExpression: "task = :task AND begins_with(entry, :prefix)",
            ExpressionAttributeValues: { ":task": { S: task }, ":prefix": { S: entry } },
          }),
        );
        return Items.flatMap((item) => itemSchema.parse(item).signatures.S.split(","));
      });
      return signatures === "unreached" ? [] : signatures;
    },
    async remember(image, signatures) {
      const key = JSON.stringify(entryOf(image));
      const value = signatures.join();
      const known = written.get(key);
      if (known?.signatures === value && table.now() - known.at < renewAfterMs) return;
      const outcome = await table.reached(() =>
        table.client.send(
          new UpdateItemCommand({
            TableName: table.name,
            Key: toKey(entryOf(image)),
            UpdateExpression: "SET signatures = :signatures, expiresAt = :expiresAt",
            ExpressionAttributeValues: {
              ":signatures": { S: value },
              ":expiresAt": table.expiresAt(),
            },
          }),
        ),
      );
      if (outcome !== "unreached") written.set(key, { signatures: value, at: table.now() });
    },
  };
}

function entryOf({ repository, digest }: RememberedImage): EntryKey {
  return { task: `image#${repository}`, entry: `${digest}#signatures` };
}
