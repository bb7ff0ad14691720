import { createHash } from "node:crypto";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import type { Ledger } from "./ledger";
import { groupNumberSchema } from "./ledger/group-number";
import { recordedArn, type VerdictRecord } from "./record-schema";

/**
 * Messages are grouped by: service (otherwise family) with its cluster; digest (otherwise reference); code; and
 * response, because a task that keeps running is news next to others that were stopped. The key is a hash, because its
 * parts can be long and others control them.
 */
export function toGroup({ cluster, service, family, digest, image, code, response }: VerdictRecord): string {
  const of = service === undefined ? ["family", family] : ["service", service];
  const parts = [cluster, ...of, digest ?? image, code, response];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** Whether and how people are notified of a record. */
export interface Telling {
  readonly isTold: boolean;
  readonly count: Pick<VerdictRecord, "count" | "countedSince">;
}

/** Used where the ledger cannot count: every record is sent, each as the first of its group. */
const UNCOUNTED = { number: 1, isTold: true };

const outcomeSchema = groupNumberSchema.partial({ since: true });

/**
 * Gives a record its number within its group. The number is assigned once and stored, so that a retry sends the same
 * message as the first attempt.
 *
 * @param key identifies the record within its task or deployment.
 * @returns `undefined` while another invocation does this; that one notifies people, too.
 */
export async function decideTelling(
  { once, numberInGroup }: Pick<Ledger, "once" | "numberInGroup">,
  record: VerdictRecord,
  key: string,
): Promise<Telling | undefined> {
  const arn = recordedArn(record);
  const numbered = await once(arn, `number#${key}`, async () =>
    JSON.stringify((await numberInGroup(toGroup(record), `${arn} ${key}`)) ?? UNCOUNTED),
  );
  if (numbered.state === "under-way") return undefined;
  const { number, since, isTold } = outcomeSchema.parse(JSON.parse(numbered.outcome));
  return { isTold, count: isTold ? withoutUndefined({ count: number, countedSince: since }) : {} };
}
