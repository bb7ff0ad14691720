import type { GateChange, ServiceOutcome, ServiceResult } from "../../automation/operations/gate/change-services";
import { describeAwsError } from "../../verifier/src/aws-error";
import { UnexpectedHooksError } from "../../verifier/src/gate/attachment/unexpected-hooks-error";
import { asciiJson, printable } from "../lib/printable";
import { type Column, tableText } from "../lib/table";
import { referenceText } from "./service-text";

type Reason = Extract<ServiceOutcome, { readonly result: "skipped" }>["reason"];

const REASONS: Readonly<Record<Reason, string>> = {
  "not-found": "there is no such service",
  "not-active": "it is being deleted, or was",
  "other-controller": "its deployment controller is not ECS: it cannot have hooks",
  "hook-limit": "it has ten Lambda hooks of others, the most that ECS allows",
  "deployment-in-progress": "it is being deployed: try again when the deployment has ended",
  "express-mode": "Express Mode: name it to include it",
  daemon: "scheduling strategy DAEMON: name it to include it",
};

const WORDS: Readonly<Record<GateChange, Readonly<Record<ServiceOutcome["result"], string>>>> = {
  attach: {
    changed: "attached",
    unchanged: "already attached",
    pending: "to attach",
    skipped: "left as it is",
    failed: "failed",
  },
  detach: {
    changed: "detached",
    unchanged: "not attached",
    pending: "to detach",
    skipped: "left as it is",
    failed: "failed",
  },
};

/** The result for a service, in one line. */
export function resultLine(change: GateChange, { reference, outcome }: ServiceResult): string {
  const why = whyText(outcome);
  return `${WORDS[change][outcome.result]}  ${referenceText(reference)}${why === "" ? "" : `  ${why}`}`;
}

const COLUMNS: readonly Column[] = [{ name: "service", wrapTo: 20 }, { name: "gate" }, { name: "why", wrapTo: 24 }];

/** A table of all services, those about which a person may have to do something last. */
export function resultTable(change: GateChange, results: readonly ServiceResult[]): string {
  const sorted = results.toSorted((one, other) => rank(one) - rank(other));
  return tableText(
    COLUMNS,
    sorted.map(({ reference, outcome }) => [referenceText(reference), WORDS[change][outcome.result], whyText(outcome)]),
  );
}

/** How many services have which result. */
export function summaryLine(change: GateChange, results: readonly ServiceResult[]): string {
  if (results.length === 0) return "There are no services.";
  const parts = ORDER.flatMap((result) => {
    const count = results.filter(({ outcome }) => outcome.result === result).length;
    return count === 0 ? [] : [`${count} ${WORDS[change][result]}`];
  });
  return `${results.length} ${results.length === 1 ? "service" : "services"}: ${parts.join(", ")}.`;
}

/** The result for a service, for programs: every key is there. */
export function resultJson(environment: string, change: GateChange, { reference, outcome }: ServiceResult): string {
  const { cluster, service } = reference;
  const error = outcome.result === "failed" ? outcome.error : undefined;
  const hooks = outcome.result === "changed" ? outcome : error instanceof UnexpectedHooksError ? error : undefined;
  return asciiJson({
    environment,
    change,
    cluster,
    service,
    result: outcome.result,
    reason: outcome.result === "skipped" ? outcome.reason : null,
    error: error === undefined ? null : describeAwsError(error),
    before: hooks?.before ?? null,
    after: hooks?.after ?? null,
  });
}

const ORDER: readonly ServiceOutcome["result"][] = ["changed", "unchanged", "pending", "skipped", "failed"];

function rank({ outcome }: ServiceResult): number {
  return ORDER.indexOf(outcome.result);
}

function whyText(outcome: ServiceOutcome): string {
  if (outcome.result === "skipped") return REASONS[outcome.reason];
  return outcome.result === "failed" ? printable(describeAwsError(outcome.error), 300) : "";
}
