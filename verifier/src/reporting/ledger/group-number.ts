import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { type LedgerTable, toKey, unlessRefused } from "./table";

/** The count of a group starts again each hour. */
const HOUR_MS = 60 * 60_000;

/** The number of a member within its group. */
export const groupNumberSchema = z.object({
  /** 1 for the first of the hour. */
  number: z.int().positive(),
  /** When the first of the hour came, in ISO 8601. */
  since: z.string(),
  /** Whether a message is sent for it: for the 1st, 10th, 100th and so on. */
  isTold: z.boolean(),
});

export type GroupNumber = z.infer<typeof groupNumberSchema>;

/**
 * Counts a member of a group. Of the 1st, 10th, 100th and so on, each is claimed by the first caller that finds it
 * unclaimed. So no message is lost where a write was counted twice or a claiming caller was interrupted. `member`,
 * which is always the same for one member, finds its own claim again.
 *
 * @returns `undefined` if the table cannot be reached.
 */
export async function groupNumber(table: LedgerTable, group: string, member: string): Promise<GroupNumber | undefined> {
  const hour = new Date(Math.floor(table.now() / HOUR_MS) * HOUR_MS).toISOString();
  const target = { TableName: table.name, Key: toKey({ task: `group#${group}`, entry: hour }) };
  const counted = await table.reached(async () => {
    const { number, since, toldUpTo, toldBy } = await count(table, target);
    const milestone = toMilestone(number);
    const isTold = toldBy === member || (toldUpTo < milestone && (await tell(table, target, milestone, member)));
    return { number, since, isTold };
  });
  return counted === "unreached" ? undefined : counted;
}

type Target = Pick<ConstructorParameters<typeof UpdateItemCommand>[0], "TableName" | "Key">;

const countedSchema = z.object({
  seenCount: z.object({ N: z.coerce.number() }),
  firstSeen: z.object({ S: z.string() }),
  toldUpTo: z.object({ N: z.coerce.number() }).optional(),
  toldBy: z.object({ S: z.string() }).optional(),
});

async function count(table: LedgerTable, target: Target) {
  const { Attributes } = await table.client.send(
    new UpdateItemCommand({
      ...target,
      UpdateExpression: "SET firstSeen = if_not_exists(firstSeen, :now), expiresAt = :expiresAt ADD seenCount :one",
      ExpressionAttributeValues: {
        ":now": { S: new Date(table.now()).toISOString() },
        ":one": { N: "1" },
        ":expiresAt": table.expiresAt(),
      },
      ReturnValues: "ALL_NEW",
    }),
  );
  const { seenCount, firstSeen, toldUpTo, toldBy } = countedSchema.parse(Attributes);
  return { number: seenCount.N, since: firstSeen.S, toldUpTo: toldUpTo?.N ?? 0, toldBy: toldBy?.S };
}

function tell(table: LedgerTable, target: Target, milestone: number, member: string): Promise<boolean> {
  return unlessRefused(
    async () => {
      await table.client.send(
        new UpdateItemCommand({
          ...target,
          UpdateExpression: "SET toldUpTo = :milestone, toldBy = :member",
          ConditionExpression: "attribute_not_exists(toldUpTo) OR toldUpTo < :milestone OR toldBy = :member",
          ExpressionAttributeValues: { ":milestone": { N: String(milestone) }, ":member": { S: member } },
        }),
      );
      return true;
    },
    () => false,
  );
}

/** The highest of 1, 10, 100 and so on that is not above the number. */
export function toMilestone(number: number): number {
  return number < 10 ? 1 : 10 * toMilestone(Math.floor(number / 10));
}
