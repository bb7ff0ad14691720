import * as z from "zod";
import { parseJson } from "../../../trust/text/parse-json";

/** Since when one hook call waits, as ECS keeps it between calls. */
export interface Waiting {
  /** What identifies the deployment: its ARN. */
  readonly deployment: string;
  readonly stage: string;
  /** In milliseconds since 1970. */
  readonly since: number;
}

/** Our key in `hookDetails`, beside what the service's definition has there. */
const KEY = "ecsImageVerification";

const detailsSchema = z.object({
  [KEY]: z.object({ deployment: z.string(), stage: z.string(), since: z.iso.datetime().transform(Date.parse) }),
});

/** What an answer returns, so that the next call knows it: ECS merges it into the hook's details (inferred (gate-hook-details)). */
export function waitingDetails({ deployment, stage, since }: Waiting): Readonly<Record<string, unknown>> {
  return { [KEY]: { deployment, stage, since: new Date(since).toISOString() } };
}

/**
 * Since when this call waits, according to `hookDetails`. Whoever may update the service can write them, so another
 * deployment's or stage's time is ignored, and one in the future or from before the deployment. Undefined if there is none.
 *
 * @param createdAt When the deployment was created, in milliseconds since 1970; undefined if not known.
 */
export function readWaiting(
  hookDetails: unknown,
  call: Pick<Waiting, "deployment" | "stage">,
  { now, createdAt }: { readonly now: number; readonly createdAt: number | undefined },
): Waiting | undefined {
  const found = detailsSchema.safeParse(asObject(hookDetails)).data?.[KEY];
  if (found === undefined || found.deployment !== call.deployment || found.stage !== call.stage) return undefined;
  if (found.since > now || (createdAt !== undefined && found.since < createdAt)) return undefined;
  return found;
}

/** The details are an object in AWS's example; the provider of Pulumi writes them as JSON text. */
function asObject(hookDetails: unknown): unknown {
  return typeof hookDetails === "string" ? parseJson(hookDetails) : hookDetails;
}
