import { findPartition, isAccountId, isRegionName, type Partition, parseEcrHost } from "./partition";
import type { Finding, Problem } from "./problem";
import { formatPath } from "./problem";
import { quote } from "./quote";
import { registryFinding, self } from "./registry-entry";
import { registryHostProblem } from "./registry-host";
import { asFields } from "./unchecked-value";

/** A registry other than ECR that requires a login. */
export interface RegistryLogin {
  readonly host: string;
  /**
   * ARN of a secret in AWS Secrets Manager whose JSON has `username` and `password`: the same secret that ECS uses for
   * `repositoryCredentials` (Amazon ECS developer guide, "Private registry authentication").
   */
  readonly credentials: string;
  /** Host of the registry's token server, with its port if it has one. Default: the registry's own host. */
  readonly tokenServer?: string;
}

/** The location of a secret in AWS Secrets Manager. */
export interface SecretLocation {
  readonly partition: Partition;
  readonly region: string;
}

const allowedSecret =
  'the full ARN of a secret, "arn:aws:secretsmanager:<region>:<account>:secret:<name>-<6 letters or digits>"';

// Secret names: letters, digits and /_+=.@- (Secrets Manager API, CreateSecret); the ARN ends with a hyphen and six
// more characters.
const secretResource = /^[A-Za-z0-9/_+=.@-]{1,512}-[A-Za-z0-9]{6}$/;

/** Parses the ARN of a secret, or returns what is wrong with it. */
function readSecretArn(text: string): SecretLocation | Finding {
  const [arn, partition, service, region = "", account = "", kind, resource = "", ...more] = text.split(":");
  if (arn !== "arn") {
    return {
      message: "is not an ARN",
      fix: "Use the secret's ARN: its name alone does not tell its region and account.",
    };
  }
  if (service !== "secretsmanager")
    return { message: `is an ARN of ${quote(service ?? "")}, not of AWS Secrets Manager` };
  if (!isRegionName(region)) return { message: `has no valid region (${quote(region)})` };
  if (!isAccountId(account)) return { message: `has no valid account (${quote(account)}): it has 12 digits` };
  const expected = findPartition(region);
  if (partition !== expected) {
    const message = `has the partition ${quote(partition ?? "")}, but ${region} is a region of ${expected}`;
    return { message, fix: `Start it with "arn:${expected}:secretsmanager:${region}:".` };
  }
  if (kind === "secret" && more.length > 0) {
    const fix = "End it with the secret's name: `username` and `password` are read from its JSON.";
    return { message: "contains more than the secret's ARN", fix };
  }
  if (kind !== "secret" || !secretResource.test(resource)) {
    const fix = "Use the ARN that Secrets Manager shows, with the hyphen and six characters at its end.";
    return { message: "is not the full ARN of a secret", fix };
  }
  return { partition: expected, region };
}

/** What is wrong with the `credentials` of a registry, or undefined. */
export function secretFinding(text: string): Finding | undefined {
  const found = readSecretArn(text);
  return "message" in found ? { allowed: allowedSecret, ...found } : undefined;
}

/** The problem that a registry's login is written out instead of stored in a secret, or undefined. */
export function disclosedLoginFinding(registry: unknown): Finding | undefined {
  const { password, credentials } = asFields(registry);
  if (password === undefined && (typeof credentials !== "object" || credentials === null)) return undefined;
  return {
    message: "contains the login itself, so that everyone who reads this document can read it",
    allowed: `credentials: ${allowedSecret}`,
    fix: "Change the password, store the new login in a secret, and use that secret's ARN as credentials.",
  };
}

/** The location of a secret. @throws Error if the text is not the ARN of one. */
export function secretLocation(arn: string): SecretLocation {
  const found = readSecretArn(arn);
  if ("message" in found) throw new Error(`${quote(arn)} ${found.message}. Allowed: ${allowedSecret}.`);
  return found;
}

/** What is wrong with the `host` of a registry that has credentials, or undefined. */
export function loginHostFinding(text: string): Finding | undefined {
  if (text !== self && parseEcrHost(text) === undefined) return registryFinding(text);
  return {
    message: "is an ECR registry, which is read with the permissions of the verifier's role, but has credentials",
    allowed: "credentials for registries other than ECR",
    fix: `Write ${quote(text)} alone, without host and credentials.`,
  };
}

/** Registries whose token server is another host, as everyone knows. */
const KNOWN_TOKEN_SERVERS: ReadonlyMap<string, string> = new Map([["docker.io", "auth.docker.io"]]);

/** The token server of a well-known registry, if it is another host. */
export function knownTokenServer(host: string): string | undefined {
  return KNOWN_TOKEN_SERVERS.get(host);
}

/** What is wrong with the `tokenServer` of a registry, or undefined. */
export function tokenServerFinding(text: string): Finding | undefined {
  const problem = registryHostProblem(text);
  if (problem === undefined) return undefined;
  const host = text
    .replace(/^[a-z]+:\/\//i, "")
    .replace(/\/.*$/s, "")
    .toLowerCase();
  return {
    message: text.includes("/")
      ? "is a URL, not only the host of a token server"
      : `is not the host of a token server: ${problem}`,
    allowed: 'a host in lower case, with its port if it has one, such as "auth.docker.io"',
    ...(registryHostProblem(host) === undefined ? { fix: `Write ${quote(host)}.` } : {}),
  };
}

/** The host of an entry of `registries`. */
export function toHost(registry: string | RegistryLogin): string {
  return typeof registry === "string" ? registry : registry.host;
}

/** Entries with the same host but different content. `registries` is not checked yet. */
export function registryConflicts(registries: readonly unknown[]): readonly Problem[] {
  const firstByHost = new Map<string, { readonly index: number; readonly entry: string }>();
  return registries.flatMap((value, index): Problem[] => {
    const { host, credentials, tokenServer } = typeof value === "string" ? { host: value } : asFields(value);
    // A host that cannot have a login is reported separately.
    if (disclosedLoginFinding(value) !== undefined) return [];
    if (typeof host !== "string" || (typeof value !== "string" && loginHostFinding(host) !== undefined)) return [];
    const entry = JSON.stringify([credentials, tokenServer]);
    const first = firstByHost.get(host);
    if (first === undefined) firstByHost.set(host, { index, entry });
    if (first === undefined || first.entry === entry) return [];
    return [
      {
        path: formatPath(["registries", index]),
        value: host,
        message: `is the registry of registries[${first.index}], with another login`,
        fix: "Remove one of them.",
      },
    ];
  });
}
