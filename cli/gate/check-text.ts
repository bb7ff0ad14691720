import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import type {
  CheckedContainer,
  CheckedRevision,
  CheckedService,
} from "../../automation/operations/gate/check-services";
import { describeAwsError } from "../../verifier/src/aws-error";
import { runbookOfCode } from "../../verifier/src/reporting/runbook";
import type { Verdict } from "../../verifier/src/verification/verdict";
import { isBad } from "../../verifier/src/verification/verdict";
import { toVerdictJson } from "../images/verdict-output";
import { shortImage } from "../launches/verdict-lines";
import { asciiJson, printable } from "../lib/printable";
import { inStatusColour } from "../lib/status-colours";
import { type Column, inTerminal, tableText } from "../lib/table";
import { serviceText } from "./service-text";

type Place = Pick<EnvironmentOutputs, "account" | "region">;

const COLUMNS: readonly Column[] = [
  { name: "service", wrapTo: 16 },
  { name: "revision" },
  { name: "container", wrapTo: 10 },
  { name: "image", wrapTo: 18 },
  { name: "verdict" },
  { name: "code", wrapTo: 10 },
];

/** A row for each container. */
export function checkedTable(place: Place, checked: readonly CheckedService[]): string {
  return tableText(
    COLUMNS,
    checked.flatMap(({ service, outcome }) => {
      const name = serviceText(service);
      if (outcome.result === "other-controller") return [[name, "-", "-", "-", "none", "cannot have hooks"]];
      if (outcome.result === "failed")
        return [[name, "-", "-", "-", inStatusColour("inconclusive", "inconclusive"), "not read"]];
      return outcome.revisions.flatMap(({ which, containers }) =>
        containers.map((one) => [name, which, printable(one.container, 60), ...verdictCells(place, one)]),
      );
    }),
  );
}

function verdictCells({ account, region }: Place, { image, verdict }: CheckedContainer): readonly string[] {
  const { status, code, digest } = verdict;
  const judged = shortImage({ image, account, region, ...(digest === undefined ? {} : { digest }) });
  return [judged, inStatusColour(status, status), code];
}

/** Why something is not trusted: a line for each container, and for each service that could not be read. */
export function reasonLines(checked: readonly CheckedService[]): readonly string[] {
  return checked.flatMap(({ service, outcome }) => {
    const name = serviceText(service);
    if (outcome.result === "failed") return [`${name}: ${printable(describeAwsError(outcome.error), 500)}`];
    if (outcome.result !== "checked") return [];
    return outcome.revisions.flatMap(({ which, containers }) =>
      containers.flatMap(({ container, verdict: { status, code, detail } }) =>
        isBad(status)
          ? [
              inTerminal(
                `${name}, ${which}, ${printable(container, 60)}: ${code}: ${printable(detail, 500)} (${runbookOfCode(code)})`,
              ),
            ]
          : [],
      ),
    );
  });
}

/** How many services there are, and what of them is missing. */
export function summaryLine(checked: readonly CheckedService[]): string {
  if (checked.length === 0) return "There are no services.";
  const count = (is: (one: CheckedService) => boolean) => checked.filter(is).length;
  const parts: readonly (readonly [number, string])[] = [
    [count((one) => verdictsOf(one).some(({ status }) => status === "denied")), "would be refused"],
    [count((one) => couldNotBeFoundOut(one)), "could not be found out"],
    [count(({ outcome }) => outcome.result === "other-controller"), "cannot have hooks"],
    [count(({ outcome }) => hasNoPrevious(outcome)), "without an earlier successful deployment in the last 90 days"],
  ];
  const said = parts.flatMap(([number, what]) => (number === 0 ? [] : [`${number} ${what}`]));
  const total = checked.length === 1 ? "1 service" : `${checked.length} services`;
  return said.length === 0 ? `${total}: all trusted or exempt.` : `${total}: ${said.join(", ")}.`;
}

/** The verdicts on all containers of a service. */
export function verdictsOf({ outcome }: CheckedService): readonly Verdict[] {
  if (outcome.result !== "checked") return [];
  return outcome.revisions.flatMap(({ containers }) => containers.map(({ verdict }) => verdict));
}

function couldNotBeFoundOut(checked: CheckedService): boolean {
  const statuses = verdictsOf(checked).map(({ status }) => status);
  const isOpen = statuses.includes("inconclusive") && !statuses.includes("denied");
  return checked.outcome.result === "failed" || isOpen;
}

function hasNoPrevious(outcome: CheckedService["outcome"]): boolean {
  return outcome.result === "checked" && outcome.revisions.every(({ which }) => which === "running");
}

/** A document for each container, or one for a service without any: every key is there. */
export function checkedJson(
  { environment }: EnvironmentOutputs,
  { service, outcome }: CheckedService,
): readonly string[] {
  const head = { environment, cluster: service.clusterArn ?? null, service: service.serviceArn ?? null };
  if (outcome.result === "checked") {
    return outcome.revisions.flatMap((revision) =>
      revision.containers.map((one) => asciiJson({ ...head, ...containerJson(revision, one), error: null })),
    );
  }
  const error =
    outcome.result === "failed"
      ? describeAwsError(outcome.error)
      : "its deployment controller is not ECS: it cannot have hooks";
  return [
    asciiJson({ ...head, which: null, revision: null, taskDefinition: null, container: null, verdict: null, error }),
  ];
}

function containerJson(
  { which, revision, taskDefinition }: CheckedRevision,
  { container, image, verdict }: CheckedContainer,
) {
  return {
    which,
    revision: revision ?? null,
    taskDefinition,
    container,
    verdict: toVerdictJson(verdict.reference || image, verdict),
  };
}
