import { consistencyProblems } from "./consistency";
import type { Exemption, Statement, TrustDocument } from "./document";
import { IdentityInvalidError, parseIdentity, readIdentity } from "./identity";
import type { Partition } from "./partition";
import { ecrHost, findPartition, isAccountId, isRegionName, parseEcrHost } from "./partition";
import type { Finding, Problem } from "./problem";
import { formatPath, TrustDocumentError } from "./problem";
import { quote } from "./quote";
import { self } from "./registry-entry";
import { knownTokenServer, type RegistryLogin, secretLocation, toHost } from "./registry-login";
import { expandSelf, toRegistry } from "./repository-entry";
import { registryKey } from "./same-registry";
import { signaturesFromProblems } from "./signatures-from";
import { signerProblems } from "./signer-problems";
import { identityLists, mapIdentities } from "./signers";
import { withoutUndefined } from "./text/without-undefined";

/** Where an environment runs, and the profile that it signs with. */
export interface TrustEnvironment {
  /** AWS account id, 12 digits. */
  readonly account: string;
  readonly region: string;
  /** ARN of the signing profile that `self` stands for; required only if the document uses `self` as an identity. */
  readonly signingProfileArn?: string;
}

/**
 * A trust document that no longer depends on account and region: no `self`, and all identities and ECR registries in
 * one partition. Only {@link expandTrustDocument} creates one. It can be converted to JSON and back.
 */
export interface ResolvedTrustDocument {
  readonly partition: Partition;
  readonly account: string;
  readonly region: string;
  /** Hosts, with and without a login. */
  readonly registries: readonly string[];
  /** The logins of the registries that have one, each host once. */
  readonly logins: readonly RegistryLogin[];
  readonly statements: readonly Statement[];
  readonly exemptions: readonly Exemption[];
}

function environmentProblems(environment: TrustEnvironment): readonly Problem[] {
  const { account, region, signingProfileArn } = environment;
  const problem = (path: string, value: string, finding: Finding): Problem => ({ path, value, ...finding });
  return [
    ...(isAccountId(account)
      ? []
      : [problem("account", account, { message: "is not an AWS account", allowed: "12 digits" })]),
    ...(isRegionName(region)
      ? []
      : [problem("region", region, { message: "is not an AWS region", allowed: 'a name such as "eu-west-1"' })]),
    ...signingProfileFindings(signingProfileArn).map((finding) =>
      problem("signingProfileArn", signingProfileArn ?? "", finding),
    ),
  ];
}

function signingProfileFindings(arn: string | undefined): readonly Finding[] {
  if (arn === undefined) return [];
  const identity = readIdentity(arn);
  return identity instanceof IdentityInvalidError ? [identity.finding] : [];
}

function registryProblems(registries: readonly string[], partition: Partition): readonly Problem[] {
  return registries.flatMap((registry, index): Problem[] => {
    const location = parseEcrHost(registry);
    if (location === undefined || findPartition(location.region) === partition) return [];
    return [
      {
        path: formatPath(["registries", index]),
        value: registry,
        message: `is in the partition ${findPartition(location.region)}, but this environment is in ${partition}; AWS credentials are not valid across partitions`,
        fix: `Copy its images and signatures into a registry of ${partition}, and list that one.`,
      },
    ];
  });
}

function loginProblems(registries: TrustDocument["registries"], partition: Partition): readonly Problem[] {
  return registries.flatMap((registry, index): Problem[] => {
    if (typeof registry === "string") return [];
    const secret = secretLocation(registry.credentials);
    if (secret.partition === partition) return [];
    return [
      {
        path: formatPath(["registries", index, "credentials"]),
        value: registry.credentials,
        message: `is in the partition ${secret.partition}, but this environment is in ${partition}; AWS credentials are not valid across partitions`,
        fix: `Store the login in a secret in ${partition}, and use its ARN.`,
      },
    ];
  });
}

function identityFinding(identity: string, environment: TrustEnvironment, partition: Partition): Finding | undefined {
  if (identity === self && environment.signingProfileArn === undefined) {
    return {
      message: "stands for the signing profile of this stack, and none was given",
      fix: "Set signingProfileArn, or write the ARN of a signing profile here.",
    };
  }
  const parsed = parseIdentity(identity === self ? (environment.signingProfileArn ?? "") : identity);
  if (parsed.partition === partition) return undefined;
  return {
    message: `is in the partition ${parsed.partition}, but this environment is in ${partition}; signatures are not valid across partitions`,
    allowed: `signing profiles whose ARN begins with "arn:${partition}:signer:"`,
    fix: `Sign with a profile in ${partition}, and list that one.`,
  };
}

function identityProblems(
  statements: readonly Statement[],
  environment: TrustEnvironment,
  partition: Partition,
): readonly Problem[] {
  return statements.flatMap((statement, index) =>
    identityLists(statement).flatMap(({ path, entries }) =>
      entries.flatMap((identity, position): Problem[] => {
        const finding = identityFinding(String(identity), environment, partition);
        const place = formatPath(["statements", index, ...path, position]);
        return finding === undefined ? [] : [{ path: place, value: identity, ...finding }];
      }),
    ),
  );
}

function signaturesFromPartition(statements: readonly Statement[], partition: Partition): readonly Problem[] {
  return statements.flatMap(({ signaturesFrom = "" }, index): Problem[] => {
    const location = parseEcrHost(toRegistry(signaturesFrom));
    if (location === undefined || findPartition(location.region) === partition) return [];
    return [
      {
        path: formatPath(["statements", index, "signaturesFrom"]),
        value: signaturesFrom,
        message: `is in the partition ${findPartition(location.region)}, but this environment is in ${partition}; AWS credentials are not valid across partitions`,
        fix: `Copy the signatures into a registry of ${partition}, and name that one.`,
      },
    ];
  });
}

function expandStatement(statement: Statement, host: string, profile: string | undefined): Statement {
  const { signaturesFrom } = statement;
  const expanded = mapIdentities(statement, (identities) => [
    ...new Set(identities.flatMap((identity) => (identity === self ? (profile ?? []) : identity))),
  ]);
  return {
    ...expanded,
    repositories: statement.repositories.map((repository) => expandSelf(repository, host)),
    ...withoutUndefined({ signaturesFrom: signaturesFrom && expandSelf(signaturesFrom, host) }),
  };
}

/**
 * Replaces `self` with the environment's registry and signing profile, and runs the checks that are possible only now:
 * partitions, duplicate repositories, and repositories in no listed registry.
 *
 * @throws {@link TrustDocumentError} with all problems at once.
 */
export function expandTrustDocument(document: TrustDocument, environment: TrustEnvironment): ResolvedTrustDocument {
  const misplaced = environmentProblems(environment);
  const source = `The trust document for account ${quote(environment.account)} in ${quote(environment.region)}`;
  if (misplaced.length > 0) throw new TrustDocumentError(misplaced, source);

  const { account, region, signingProfileArn } = environment;
  const partition = findPartition(region);
  const host = ecrHost(account, region);
  const registries = document.registries.map(toHost).map((registry) => (registry === self ? host : registry));
  const statements = document.statements.map((statement) => expandStatement(statement, host, signingProfileArn));
  const names = statements.map((statement, index) => ({
    index,
    name: statement.name,
    repositories: statement.repositories.map((text, position) => ({ index: position, text })),
  }));
  const problems = [
    ...registryProblems(registries, partition),
    ...loginProblems(document.registries, partition),
    ...identityProblems(document.statements, environment, partition),
    ...signaturesFromPartition(statements, partition),
    // Only now it is known that `self` is a profile, or a repository, which is written out elsewhere in the statement.
    ...statements.flatMap(signerProblems),
    ...statements.flatMap(signaturesFromProblems),
    ...consistencyProblems(names, (registry) =>
      registries.some((listed) => registryKey(listed) === registryKey(registry)),
    ),
  ];
  if (problems.length > 0) throw new TrustDocumentError(problems, source);

  const exemptions = document.exemptions.map((exemption) => ({
    ...exemption,
    image: expandSelf(exemption.image, host),
  }));
  const logins = collectLogins(document.registries);
  return { partition, account, region, registries: [...new Set(registries)], logins, statements, exemptions };
}

/** Entries of one host are equal, or the document would have been rejected before. */
function collectLogins(registries: TrustDocument["registries"]): readonly RegistryLogin[] {
  const logins = registries.filter((registry) => typeof registry !== "string");
  return [...new Map(logins.map((login) => [login.host, login])).values()].map((login) => ({
    ...login,
    ...withoutUndefined({ tokenServer: login.tokenServer ?? knownTokenServer(login.host) }),
  }));
}
