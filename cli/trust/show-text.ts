import { everyRepository } from "../../trust/repository-entry";
import { colorsFor } from "../lib/colors";
import { printable } from "../lib/printable";
import { policyNotes } from "./policy-notes";
import { howToGive } from "./resolve";
import type { TrustView } from "./view";

const colors = colorsFor(process.stdout);

/** A name and its value. */
export type Row = readonly [name: string, value: string];

/** Everything derived from a trust document, in sections, for people. */
export function trustShowText(view: TrustView): string {
  return [
    rows(head(view)).join("\n"),
    section("Registries", registryLines(view)),
    section("Statements", view.statements.flatMap(statementLines)),
    section("Exemptions", view.exemptions.length === 0 ? ["none"] : view.exemptions.flatMap(exemptionLines)),
    section("Notation trust policy (trustpolicy.json)", policyLines(view)),
    section(`Trust store ${view.trustStore.type}:${view.trustStore.name}`, view.trustStore.roots.flatMap(rootLines)),
    section("What the role of the verifier's function may do because of this", permissionLines(view)),
    ...(view.launches === null ? [] : [section("Launches", launchLines(view.launches, view))]),
  ].join("\n\n");
}

function head({ file, stack, account, region, partition }: TrustView): Row[] {
  return [
    ["File", file],
    ...(stack === null ? [] : [["Stack", stack] as const]),
    ["Account", account ?? "not needed: nothing in the document depends on it"],
    ["Region", `${region} (partition ${partition})`],
  ];
}

function section(title: string, lines: readonly string[]): string {
  return [colors.bold(title), ...lines.map((line) => (line === "" ? "" : `  ${line}`))].join("\n");
}

/** Names and values, the values below each other. */
function rows(entries: readonly Row[]): readonly string[] {
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

/** A list behind a name: the first value on its line, the others below it. */
function listed(name: string, values: readonly string[]): Row[] {
  return values.map((value, index) => [index === 0 ? name : "", value]);
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

function registryLines({ registries }: TrustView): readonly string[] {
  return rows(
    registries.map(({ host, ecr, self, login }): Row => {
      if (ecr !== null) return [host, `ECR of account ${ecr.account} in ${ecr.region}${self ? " (self)" : ""}`];
      if (login === null) return [host, "asked without a login"];
      const { credentials, tokenServer } = login;
      return [host, `login in ${credentials}${tokenServer === undefined ? "" : `, tokens from ${tokenServer}`}`];
    }),
  );
}

/** What an identity stands for. */
export const KINDS = {
  profile: "any version",
  "profile-version": "this version only",
} as const;

type StatementView = TrustView["statements"][number];

function statementLines(statement: StatementView): readonly string[] {
  const scopes = statement.repositories.map((text) =>
    text === everyRepository ? '"*": every other repository of these registries' : text,
  );
  const details = [...listed("repositories", scopes), ...signerRows(statement), ...conditionRows(statement)];
  return [statement.name, ...indented(rows(details))];
}

function signerRows({ identities, require }: StatementView): Row[] {
  if (require === null) return listed("identities", identities.map(signerText));
  return require.flatMap(({ atLeast, identities: entry }) => listed(`${atLeast} of`, entry.map(signerText)));
}

function signerText({ identity, kind }: StatementView["identities"][number]): string {
  return kind === null ? `${identity} (no ARN yet)` : `${identity} (${KINDS[kind]})`;
}

/** The conditions of a statement on its signatures. */
export function conditionRows({
  signaturesFrom,
  signedAfter,
  maxAgeDays,
}: Pick<StatementView, "signaturesFrom" | "signedAfter" | "maxAgeDays">): Row[] {
  return [
    ...(signaturesFrom === null ? [] : [["signatures", `also those in ${signaturesFrom}`] as const]),
    ...(signedAfter === null ? [] : [["signed", `on ${signedAfter} (UTC) or later`] as const]),
    ...(maxAgeDays === null ? [] : [["age", `at most ${maxAgeDays} ${maxAgeDays === 1 ? "day" : "days"}`] as const]),
  ];
}

function exemptionLines(exemption: TrustView["exemptions"][number]): readonly string[] {
  const { image, owner, reason, expires, daysLeft } = exemption;
  const left = daysLeft === 0 ? "ends today" : `${daysLeft} ${daysLeft === 1 ? "day" : "days"} left`;
  const details: Row[] = [
    ["until", `${expires} (${left})`],
    ["owner", owner],
    ["reason", reason],
  ];
  return [image, ...indented(rows(details))];
}

function policyLines({ notationTrustPolicy, unknown, statements }: TrustView): readonly string[] {
  if (notationTrustPolicy !== null) {
    return [...policyNotes(statements), ...JSON.stringify(notationTrustPolicy, null, 2).split("\n")];
  }
  return ["not complete before these are known:", ...unknown.map((text) => `  ${printable(text)}: ${howToGive(text)}`)];
}

function rootLines({ file, subject, validTo, sha256 }: TrustView["trustStore"]["roots"][number]): readonly string[] {
  const details: Row[] = [
    ["subject", subject],
    ["valid to", validTo.slice(0, 10)],
    ["SHA-256", sha256],
  ];
  return [file, ...indented(rows(details))];
}

function permissionLines({ iam }: TrustView): readonly string[] {
  return iam.flatMap(({ Sid, Action, Resource = [], Condition }) => [
    Sid,
    ...indented(
      rows([
        ...listed("actions", Action),
        ...listed("resources", Resource),
        ...listed("clusters", [Condition?.ArnEquals?.["ecs:cluster"] ?? []].flat()),
      ]),
    ),
  ]);
}

function launchLines(launches: NonNullable<TrustView["launches"]>, { account, region }: TrustView): readonly string[] {
  const clusters = launches.clusters ?? [
    `every cluster of the account${account === null ? "" : ` ${account}`} in ${region}`,
  ];
  return rows([
    ["mode", launches.mode === "enforce" ? "enforce: denied tasks are stopped" : "audit: nothing is stopped"],
    ...listed("clusters", clusters),
  ]);
}
