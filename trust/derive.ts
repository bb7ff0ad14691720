import type { Statement } from "./document";
import type { ResolvedTrustDocument } from "./expand";
import type { EcrLocation } from "./partition";
import { parseEcrHost, partitionOf, trustStoreName } from "./partition";
import type { ImageReference } from "./reference";
import { repositoryName } from "./reference";
import { everyRepository, registryOf } from "./repository-entry";

/** Notation's `trustpolicy.json`, as far as this project uses it. */
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
 * The trust policy that Notation verifies with. Always level `strict`: the weaker ones accept images that
 * are revoked, expired, signed under a foreign root or not signed (notation-go, verifier/trustpolicy).
 *
 * @throws {@link PartitionUnsupportedError} in a partition without a known root certificate.
 */
export function notationTrustPolicy(
  resolved: Pick<ResolvedTrustDocument, "partition" | "statements">,
): NotationTrustPolicy {
  const trustStores = [`signingAuthority:${trustStoreName(resolved.partition)}`];
  const trustPolicies = resolved.statements.map((statement) => ({
    name: statement.name,
    registryScopes: statement.repositories,
    signatureVerification: { level: "strict" as const },
    trustStores,
    trustedIdentities: statement.identities,
  }));
  return { version: "1.0", trustPolicies };
}

/** Whether the document lists the reference's registry. */
export function isRegistryAllowed(
  resolved: Pick<ResolvedTrustDocument, "registries">,
  reference: Pick<ImageReference, "registry">,
): boolean {
  return resolved.registries.includes(reference.registry);
}

/** The statement that governs a repository, as Notation picks it: the one that names it, else the one for `*`. */
export function applicableStatement(
  resolved: Pick<ResolvedTrustDocument, "statements">,
  reference: Pick<ImageReference, "registry" | "repository">,
): Statement | undefined {
  const covering = (scope: string) => resolved.statements.find(({ repositories }) => repositories.includes(scope));
  return covering(repositoryName(reference)) ?? covering(everyRepository);
}

/** The private ECR registries that the document lists. */
export function ecrRegistries(resolved: Pick<ResolvedTrustDocument, "registries">): readonly EcrRegistry[] {
  return resolved.registries.flatMap((host) => {
    const location = parseEcrHost(host);
    return location === undefined ? [] : [{ host, ...location }];
  });
}

function repositoryArn({ account, region }: EcrLocation, repository: string): string {
  return `arn:${partitionOf(region)}:ecr:${region}:${account}:repository/${repository}`;
}

/**
 * ARNs of the ECR repositories that a verifier must be able to read, for an IAM policy: sorted, each once,
 * and none beside the `repository/*` that covers it. Registries outside ECR have none.
 */
export function ecrRepositoryArns(
  resolved: Pick<ResolvedTrustDocument, "registries" | "statements">,
): readonly string[] {
  const repositories = resolved.statements.flatMap((statement) => statement.repositories);
  if (repositories.includes(everyRepository)) {
    // Every repository named beside it is in a listed registry, and so covered.
    return unique(ecrRegistries(resolved).map((registry) => repositoryArn(registry, "*")));
  }
  return unique(
    repositories.flatMap((name) => {
      const host = registryOf(name);
      const location = parseEcrHost(host);
      return location === undefined ? [] : [repositoryArn(location, name.slice(host.length + 1))];
    }),
  );
}

function unique(arns: readonly string[]): readonly string[] {
  return [...new Set(arns)].sort();
}
