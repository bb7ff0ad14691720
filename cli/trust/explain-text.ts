import { everyRepository } from "../../trust/repository-entry";
import { colorsFor } from "../lib/colors";
import { labelledLines } from "../lib/labelled-lines";
import { printable } from "../lib/printable";
import { inStatusColour } from "../lib/status-colours";
import type { ImageExplanation } from "./explain-image";
import { conditionRows, KINDS, type Row } from "./show-text";

const colors = colorsFor(process.stdout);

/** What a trust document says of an image, for people. */
export function imageExplanationText(explanation: ImageExplanation): string {
  const { image, registry, exemptions, statement, asked } = explanation;
  const rows: Row[] = [
    ["verdict", verdictText(explanation)],
    ...(registry === null ? [] : registryRows(registry)),
    ...(exemptions.length > 0 || registry === null
      ? exemptions.map(exemptionRow)
      : [["exemption", "none for this repository"] as const]),
    ...(statement === null ? [] : statementRows(statement)),
    ...asked.map(({ whom, what }, index): Row => [index === 0 ? "is asked" : "", `${whom}: ${what}`]),
  ];
  return [colors.bold(printable(image, 700)), ...labelledLines(rows)].join("\n");
}

function verdictText({ status, code, detail }: ImageExplanation): string {
  if (status === null) return "its signatures decide";
  return `${inStatusColour(status, status)}, ${code}: ${printable(detail ?? "", 1000)}`;
}

function registryRows({ host, listed, ecr, login, otherNames }: NonNullable<ImageExplanation["registry"]>): Row[] {
  const what =
    ecr !== null
      ? `ECR of account ${ecr.account} in ${ecr.region}`
      : login !== null
        ? `asked with the login in ${login.credentials}`
        : "asked without a login";
  return [
    ["registry", listed ? `${host} is listed; ${what}` : `${host} is not listed`],
    ...(listed || otherNames.length === 0
      ? []
      : [["", `the same registry is listed as ${otherNames.join(", ")}; each name in use must be`] as const]),
  ];
}

function exemptionRow(exemption: ImageExplanation["exemptions"][number]): Row {
  const { image, owner, reason, expires, daysLeft, misses } = exemption;
  const days = `${daysLeft} ${daysLeft === 1 ? "day" : "days"} left`;
  const about = `${image} until ${expires}${daysLeft < 0 ? "" : ` (${days})`}, ${printable(owner)}: ${printable(reason, 500)}`;
  return ["exemption", `${misses === null ? "matches" : `does not match, ${misses}`}: ${about}`];
}

type StatementExplanation = NonNullable<ImageExplanation["statement"]>;

function statementRows(statement: StatementExplanation): Row[] {
  const { name, coveredBy, registryScopes } = statement;
  const covered = coveredBy === everyRepository ? 'by "*": no statement names the repository' : `by ${coveredBy}`;
  return [
    ["statement", `${name}, ${covered}`],
    ...signerRows(statement),
    ...conditionRows(statement),
    ...registryScopes.map((scope, index): Row => [index === 0 ? "scopes" : "", scope]),
  ];
}

/** Whom the statement requires. Without `require`, one signature of any of the identities is enough. */
function signerRows({ identities, require }: StatementExplanation): Row[] {
  const entries = require ?? [{ atLeast: 1, identities }];
  return entries.flatMap((entry, index) =>
    entry.identities.map(({ identity, kind }, at): Row => {
      const number = `${index === 0 ? "" : "and "}${entry.atLeast} of`;
      return [at === 0 ? number : "", kind === null ? `${identity} (no ARN yet)` : `${identity} (${KINDS[kind]})`];
    }),
  );
}
