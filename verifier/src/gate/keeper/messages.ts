import { formatRows, type Message, subjectLine } from "../../reporting/message";
import { runbookOfGateAlarm } from "../../reporting/runbook";
import { serviceLabel } from "../attachment/service-reference";
import type { UnexpectedHooksError } from "../attachment/unexpected-hooks-error";
import type { KeeperEnvironment } from "./environment";
import type { Remover, UpdatedService } from "./find-removers";

/** What messages need to know of the environment. */
type Place = Pick<KeeperEnvironment, "environment" | "runbookUrl">;

/** Services that a message names; each takes a row. */
const MOST_NAMED = 5;

/** The message that the gate's hook was taken away from services. */
export function formatRemoved(
  { environment, runbookUrl }: Place,
  services: readonly UpdatedService[],
  removers: ReadonlyMap<string, Remover>,
): Message {
  const labels = services.map(({ clusterArn, serviceArn }) =>
    serviceLabel({ cluster: clusterArn, service: serviceArn }),
  );
  const named = services.slice(0, MOST_NAMED).map((service, index) => {
    return ["Service", `${labels[index]}: ${describeRemover(removers.get(service.serviceArn))}`] as const;
  });
  const more = services.length - named.length;
  const rows: readonly (readonly [string, string])[] = [
    ...named,
    ...(more > 0 ? [["Count", `${more} more: the log of the keeper names them`] as const] : []),
    ["What", "The deployment gate's lifecycle hook is gone: deployments are no longer checked before tasks start"],
    [
      "Next",
      `If this was a mistake: ecs-image-verification gate attach ${labels[0] ?? ""}. Until then the keeper leaves it alone`,
    ],
    ["Runbook", runbookOfGateAlarm("removed", runbookUrl)],
  ];
  const what = services.length === 1 ? labels[0] : `${services.length} services`;
  return {
    subject: subjectLine(`GATE REMOVED: ${what} in ${environment}`),
    text: formatRows("GATE REMOVED: somebody has taken the deployment gate away", rows),
  };
}

function describeRemover(remover: Remover | undefined): string {
  if (remover === undefined) return "who did it is not in CloudTrail yet: look for UpdateService there";
  const { caller, at, program } = remover;
  return `by ${caller} at ${at}${program === undefined ? "" : ` with ${program}`}`;
}

/** The message that the keeper has stopped because of an unexpected difference. */
export function formatStopped({ environment, runbookUrl }: Place, error: UnexpectedHooksError): Message {
  const rows: readonly (readonly [string, string])[] = [
    ["Service", error.service],
    ["What", "After the gate was attached, the service has other lifecycle hooks than were written"],
    ["Done", "The keeper attaches the gate to nothing more until tomorrow (UTC)"],
    ["Next", "The log of the keeper has the hooks before and after: restore those of others that are missing"],
    ["Runbook", runbookOfGateAlarm("keeper-failed", runbookUrl)],
  ];
  return {
    subject: subjectLine(`GATE KEEPER STOPPED: ${error.service} in ${environment}`),
    text: formatRows("GATE KEEPER STOPPED: a service has other hooks than expected", rows),
  };
}
