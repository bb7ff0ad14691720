import { lastRecords } from "../../automation/operations/gate/last-deployment";
import type { NotReady } from "../../automation/operations/gate/readiness";
import type { ReadRecord } from "../../automation/operations/verdict-record";
import { asciiJson } from "../lib/printable";
import { type ServiceStatus, whyNot } from "./status-text";

/** A service for programs: every key is there. */
export function statusJson(environment: string, status: ServiceStatus): string {
  const { service, attachment, lastDeployment: last, opening, readiness } = status;
  return asciiJson({
    environment,
    cluster: service.clusterArn ?? null,
    service: service.serviceArn ?? null,
    gate: attachment,
    lastDeployment:
      last === undefined
        ? null
        : {
            deployment: last.deployment,
            createdAt: last.createdAt?.toISOString() ?? null,
            status: last.status,
            statusReason: last.statusReason ?? null,
            verdicts: last.records === undefined ? null : lastRecords(last.records).map(verdictJson),
          },
    opening: opening === undefined ? null : { ...opening, owner: opening.owner ?? null },
    readiness: readiness === undefined ? null : { ...readiness, reasons: readiness.reasons.map(reasonJson) },
  });
}

function verdictJson({ container, image, digest, status, code, detail, stage, final, response, judgedAt }: ReadRecord) {
  const known = { container, image, digest: digest ?? null, status, code, detail };
  return { ...known, stage: stage ?? null, final, response, judgedAt };
}

function reasonJson(reason: NotReady) {
  const text = whyNot(reason);
  return { kind: reason.kind, text };
}
