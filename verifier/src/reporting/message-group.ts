import { createHash } from "node:crypto";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import type { Ledger } from "./ledger";
import { groupNumberSchema } from "./ledger/group-number";
import type { VerdictRecord } from "./record-schema";

/**
 * What the messages for people are grouped by: service, or else family, with its cluster; digest, or else reference; code;
 * and response, since a task that goes on running is news beside others that were stopped. As a hash, for its parts can be
 * long, and others have chosen them.
 */
export function toGroup({ cluster, service, family, digest, image, code, response }: VerdictRecord): string {
  const of = service === undefined ? ["family", family] : ["service", service];
  const parts = [cluster, ...of, digest ?? image, code, response];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** Whether and how people are told of a record. */
export interface Telling {
  readonly isTold: boolean;
  readonly count: Pick<VerdictRecord, "count" | "countedSince">;
}

/** What is told where the ledger cannot count: everything, each as a first. */
const UNCOUNTED = { number: 1, isTold: true };

const outcomeSchema = groupNumberSchema.partial({ since: true });

/**
 * Gives a record its number within its group. It is given once and kept, so that an attempt that is repeated tells what
 * the first one should have told.
 *
 * @param key what makes the record one of its own for its task.
 * @returns `undefined` while another invocation is doing it, which tells people as well.
 */
export async function decideTelling(
  { once, numberInGroup }: Pick<Ledger, "once" | "numberInGroup">,
  record: VerdictRecord,
  key: string,
): Promise<Telling | undefined> {
  const numbered = await once(record.task, `number#${key}`, async () =>
    JSON.stringify((await numberInGroup(toGroup(record), `${record.task} ${key}`)) ?? UNCOUNTED),
  );
  if (numbered.state === "under-way") return undefined;
  const { number, since, isTold } = outcomeSchema.parse(JSON.parse(numbered.outcome));
  return { isTold, count: isTold ? withoutUndefined({ count: number, countedSince: since }) : {} };
}
