import { parseLaunchEvent } from "../../verifier/src/ecs/event";
import type { Launch } from "../../verifier/src/ecs/launch";
import type { ContainerVerdict } from "../../verifier/src/ecs/launch-verdict";
import type { RecordContext } from "../../verifier/src/reporting/record";
import { toRecord } from "../../verifier/src/reporting/record";
import type { VerdictRecord } from "../../verifier/src/reporting/record-schema";
import { toStatus, type Verdict } from "../../verifier/src/verification/verdict";
import { DIGEST, EVENT_TIME, type EventChanges, IMAGE, runningEvent } from "./launch-events";

export function launchOf(changes: EventChanges = {}): Launch {
  return parseLaunchEvent(runningEvent(changes));
}

/** A verdict with the status that its code stands for; default: there is no signature. */
export function verdictOf({ code = "no-signature", ...changes }: Partial<Verdict> = {}): Verdict {
  return {
    status: toStatus(code),
    code,
    detail: "the registry lists no signature",
    reference: `${IMAGE}@${DIGEST}`,
    digest: DIGEST,
    provisional: false,
    milliseconds: 12,
    ...changes,
  };
}

export function containerVerdict(changes: Partial<Verdict> = {}, container = "web"): ContainerVerdict {
  return { container, verdict: verdictOf(changes) };
}

/** A record, as production makes it. */
export function recordWith(
  verdict: Partial<Verdict> = {},
  context: Partial<RecordContext> & { readonly container?: string } = {},
): VerdictRecord {
  const { container, ...given } = context;
  return toRecord(containerVerdict(verdict, container), {
    launch: launchOf(),
    settings: { environment: "prod", mode: "enforce" },
    response: "stopped",
    final: true,
    now: new Date(EVENT_TIME.getTime() + 1500),
    ...given,
  });
}
