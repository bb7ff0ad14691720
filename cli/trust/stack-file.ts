import { formatKey, NAMESPACE } from "../../configuration/problem";
import type { ConfigurationSource } from "../../configuration/read";
import { isAccountId } from "../../trust/partition";
import { formatPath, type Problem } from "../../trust/problem";
import { self } from "../../trust/registry-entry";
import { suggestKey } from "../../trust/suggest-key";
import { parseJson } from "../../trust/text/parse-json";
import { asFields, asList } from "../../trust/unchecked-value";

/** The contents of a stack's file, as far as they can be read without Pulumi. */
export interface StackFile {
  readonly source: Omit<ConfigurationSource, "account">;
  /** `aws:allowedAccountIds`: those that are accounts. */
  readonly allowedAccounts: readonly string[];
  /** The trust document in it, not validated yet. */
  readonly trust: unknown;
  /** Keys of the values that only Pulumi can decrypt, such as `ecs-image-verification:slackWebhookUrl`. */
  readonly encrypted: readonly string[];
  /** Whether values come from Pulumi ESC as well. */
  readonly importsEnvironments: boolean;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

const REGION = "aws:region";

type Entry = readonly [key: string, value: unknown];

/** Reads a stack's file as Pulumi does: each value becomes text, a mapping or list as JSON. */
export function parseStackFile(stack: string, root: unknown): StackFile {
  const { config, environment } = asFields(root);
  const entries = Object.entries(asFields(config));
  const ours = entries.flatMap(([key, value]): Entry[] => {
    const name = ownKey(key);
    return name === undefined ? [] : [[name, value]];
  });
  const opened = ours.map(([key, value]) => ({ key, ...withoutSecrets(value, [key], key) }));
  const region = asFields(config)[REGION];
  return {
    source: {
      stack,
      values: Object.fromEntries(opened.map(({ key, value }) => [key, asText(value)])),
      secretKeys: new Set(opened.filter(({ encrypted }) => encrypted.length > 0).map(({ key }) => key)),
      region: region === undefined ? undefined : asText(region),
    },
    allowedAccounts: asList(asFields(config)["aws:allowedAccountIds"]).map(String).filter(isAccountId),
    trust: opened.find(({ key }) => key === "trust")?.value,
    encrypted: opened.flatMap(({ encrypted }) => encrypted),
    importsEnvironments: environment !== undefined,
    problems: configProblems(config, root),
    warnings: entries.flatMap(([key]) => foreignKeyWarnings(key)),
  };
}

/** The path of a value in the file as problems name it: without `config` for keys of this project and the region. */
export function problemPath(path: readonly PropertyKey[]): string {
  const [first, key, ...rest] = path;
  if (first !== "config" || typeof key !== "string") return formatPath(path);
  const own = ownKey(key);
  if (own !== undefined) return formatKey([own, ...rest]);
  return key === REGION ? key : formatPath(path);
}

/** The key without its namespace if it is one of this project: `mode`, `NAMESPACE:mode` and `NAMESPACE:config:mode`. */
function ownKey(key: string): string | undefined {
  if (!key.includes(":")) return key;
  const [namespace, ...rest] = key.split(":");
  if (namespace !== NAMESPACE) return undefined;
  return rest[0] === "config" && rest.length > 1 ? rest.slice(1).join(":") : rest.join(":");
}

/** Text stays text, and so does an empty value: Pulumi's CLI warns about it. */
function asText(value: unknown): string {
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A placeholder for an encrypted value: one that passes the checks, each different. */
function placeholder(key: string, path: readonly PropertyKey[]): string {
  if (key === "pagerDutyRoutingKey") return "0".repeat(32);
  return `https://encrypted.invalid/${encodeURIComponent(formatPath(path))}`;
}

interface Opened {
  readonly value: unknown;
  readonly encrypted: readonly string[];
}

function withoutSecrets(value: unknown, path: readonly PropertyKey[], key: string): Opened {
  if (Array.isArray(value)) {
    const items = value.map((item: unknown, index) => withoutSecrets(item, [...path, index], key));
    return { value: items.map((item) => item.value), encrypted: items.flatMap((item) => item.encrypted) };
  }
  if (typeof value !== "object" || value === null) return { value, encrypted: [] };
  const fields = Object.entries(value);
  if (fields.length === 1 && typeof asFields(value).secure === "string") {
    return { value: placeholder(key, path), encrypted: [`${NAMESPACE}:${formatPath(path)}`] };
  }
  const opened = fields.map(([name, field]) => ({ name, ...withoutSecrets(field, [...path, name], key) }));
  return {
    value: Object.fromEntries(opened.map((field) => [field.name, field.value])),
    encrypted: opened.flatMap((field) => field.encrypted),
  };
}

function configProblems(config: unknown, root: unknown): readonly Problem[] {
  if (typeof config === "object" && config !== null && !Array.isArray(config)) return [];
  return [
    {
      path: "config",
      value: config,
      message: missingText(config, root),
      fix:
        "registries" in asFields(root)
          ? `This is a trust document. Write it under config and ${NAMESPACE}:trust, or rename the file.`
          : `Write the stack's values under it, such as ${NAMESPACE}:mode: audit.`,
    },
  ];
}

function missingText(config: unknown, root: unknown): string {
  if (config !== undefined) return "must be a mapping";
  return root === undefined || root === null
    ? "is required; the file is empty, or has nothing but comments"
    : "is required";
}

/** Pulumi accepts every namespace and does not report one that no program reads. */
function foreignKeyWarnings(key: string): readonly Problem[] {
  const [namespace = "", ...rest] = key.split(":");
  if (rest.length === 0 || namespace === NAMESPACE || suggestKey(namespace, [NAMESPACE]) === undefined) return [];
  return [
    {
      path: `config[${JSON.stringify(key)}]`,
      value: namespace,
      message: "is not a known namespace; if this project is meant, the value is not read",
      fix: `Write ${NAMESPACE}:${rest.join(":")}.`,
    },
  ];
}

/** The account of a stack, if its file tells: by the ARNs in it, or as the only one that its credentials may be of. */
export function accountOfStack({ source, allowedAccounts: [only, ...others] }: StackFile): string | undefined {
  return accountOfArns(source.values) ?? (others.length === 0 ? only : undefined);
}

/** Whether the trust document of a stack depends on the account: it says `self` for a registry. It is not validated yet. */
export function saysSelf({ trust }: Pick<StackFile, "trust">): boolean {
  const { registries, statements, exemptions } = asFields(trust);
  const values = [
    ...asList(registries),
    ...asList(statements).flatMap((statement) => asList(asFields(statement).repositories)),
    ...asList(statements).map((statement) => asFields(statement).signaturesFrom),
    ...asList(exemptions).map((exemption) => asFields(exemption).image),
  ];
  return values.some((value) => typeof value === "string" && (value === self || value.startsWith(`${self}/`)));
}

/** The account in the ARN of the first cluster. Clusters must be in the stack's own account, so this is that account. */
function accountOfArns({ clusters, gate }: Readonly<Record<string, string>>): string | undefined {
  const { services, enforce } = asFields(parseJson(gate ?? ""));
  const enforced = asFields(enforce);
  const arns = [
    asList(parseJson(clusters ?? "")),
    asList(services),
    asList(enforced.clusters),
    asList(enforced.services),
  ];
  return arns
    .flat()
    .map((arn) => (typeof arn === "string" ? arn.split(":")[4] : undefined))
    .find((account) => account !== undefined && isAccountId(account));
}
