import type { Statement } from "./document";
import type { ResolvedTrustDocument } from "./expand";
import type { EcrLocation } from "./partition";
import { findPartition, parseEcrHost, trustStoreName } from "./partition";
import type { ImageReference } from "./reference";
import { repositoryName } from "./reference";
import { everyRepository, toRegistry } from "./repository-entry";
import { registryKey, repositoryKey } from "./same-registry";
import { listIdentities } from "./signers";

/** Notation's `trustpolicy.json`, with the parts that this project uses. */
export interface NotationTrustPolicy {
  readonly version: "1.0";
  readonly trustPolicies: readonly NotationStatement[];
}

/** One entry of `trustPolicies`. */
export interface NotationStatement {
  readonly name: string;
  readonly registryScopes: readonly string[];
  readonly signatureVerification: { readonly level: "strict" };
  readonly trustStores: readonly string[];
  readonly trustedIdentities: readonly string[];
}

/** A private ECR registry of the trust document. */
export interface EcrRegistry extends EcrLocation {
  readonly host: string;
}

/**
 * The trust policy that Notation verifies with. Always level `strict`: the weaker levels accept images that are
 * revoked, expired, signed under a foreign root or not signed (notation-go, verifier/trustpolicy). Notation is satisfied by
 * one signature of any identity, so the identities of all required signers are joined; the verifier counts them.
 *
 * @throws {@link PartitionUnsupportedError} in a partition without a known root certificate.
 */
export function notationTrustPolicy(
  resolved: Pick<ResolvedTrustDocument, "partition" | "registries" | "statements">,
): NotationTrustPolicy {
  const trustStores = [`signingAuthority:${trustStoreName(resolved.partition)}`];
  const trustPolicies = resolved.statements.map((statement) => ({
    name: statement.name,
    registryScopes: statement.repositories.flatMap((name) => toScopes(name, resolved.registries)),
    signatureVerification: { level: "strict" as const },
    trustStores,
    trustedIdentities: listIdentities(statement),
  }));
  return { version: "1.0", trustPolicies };
}

/**
 * Notation compares names. So a repository of an ECR registry is listed under each listed name of the registry;
 * otherwise the statement for `*` would apply to the other names.
 */
function toScopes(name: string, registries: readonly string[]): readonly string[] {
  if (name === everyRepository) return [name];
  const host = toRegistry(name);
  const names = registries.filter((listed) => registryKey(listed) === registryKey(host));
  return names.map((listed) => `${listed}${name.slice(host.length)}`);
}

/** Whether the document lists the reference's registry. */
export function isRegistryAllowed(
  resolved: Pick<ResolvedTrustDocument, "registries">,
  reference: Pick<ImageReference, "registry">,
): boolean {
  return resolved.registries.includes(reference.registry);
}

/**
 * The statement that applies to a repository, as Notation selects it: the one that names it, under any name of its
 * registry, otherwise the one for `*`.
 */
export function applicableStatement(
  resolved: Pick<ResolvedTrustDocument, "statements">,
  reference: Pick<ImageReference, "registry" | "repository">,
): Statement | undefined {
  const key = repositoryKey(repositoryName(reference));
  const covering = (covers: (name: string) => boolean) =>
    resolved.statements.find(({ repositories }) => repositories.some(covers));
  return (
    covering((name) => name !== everyRepository && repositoryKey(name) === key) ??
    covering((name) => name === everyRepository)
  );
}

/**
 * The registries that a verifier reads from: those that images may run from, and those of `signaturesFrom`. Each once.
 */
export function readRegistries(resolved: Pick<ResolvedTrustDocument, "registries" | "statements">): readonly string[] {
  const sources = resolved.statements.flatMap(({ signaturesFrom }) => signaturesFrom ?? []);
  return [...new Set([...resolved.registries, ...sources.map(toRegistry)])];
}

/** The private ECR registries that the document lists. */
export function ecrRegistries(resolved: Pick<ResolvedTrustDocument, "registries">): readonly EcrRegistry[] {
  return resolved.registries.flatMap((host) => {
    const location = parseEcrHost(host);
    return location === undefined ? [] : [{ host, ...location }];
  });
}

function repositoryArn({ account, region }: EcrLocation, repository: string): string {
  return `arn:${findPartition(region)}:ecr:${region}:${account}:repository/${repository}`;
}

/**
 * ARNs of the ECR repositories that a verifier must be able to read, for an IAM policy: sorted, without duplicates, and
 * without those that a listed `repository/*` covers. Registries outside ECR have none.
 */
export function ecrRepositoryArns(
  resolved: Pick<ResolvedTrustDocument, "registries" | "statements">,
): readonly string[] {
  const repositories = resolved.statements.flatMap((statement) => statement.repositories);
  const sources = resolved.statements.flatMap(({ signaturesFrom }) => signaturesFrom ?? []);
  if (!repositories.includes(everyRepository)) return unique([...repositories, ...sources].flatMap(namedArn));
  const registries = ecrRegistries(resolved);
  // `repository/*` covers every repository of a listed registry.
  const covered = new Set(registries.map(({ host }) => registryKey(host)));
  return unique([
    ...registries.map((registry) => repositoryArn(registry, "*")),
    ...sources.filter((name) => !covered.has(registryKey(toRegistry(name)))).flatMap(namedArn),
  ]);
}

function namedArn(name: string): readonly string[] {
  const host = toRegistry(name);
  const location = parseEcrHost(host);
  return location === undefined ? [] : [repositoryArn(location, name.slice(host.length + 1))];
}

function unique(arns: readonly string[]): readonly string[] {
  return [...new Set(arns)].sort();
}
