import { NO_ACCOUNT } from "../../configuration/stack-place";
import type { TrustDocument } from "../../trust/document";
import { parseIdentity } from "../../trust/identity";
import { findPartition, parseEcrHost } from "../../trust/partition";
import { toHost } from "../../trust/registry-login";
import { toRegistry } from "../../trust/repository-entry";
import { listIdentities } from "../../trust/signers";
import { UsageError } from "../lib/errors";

/** What the options and the environment variables say of the place. */
interface Given {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

/**
 * The account and region for which to read a document.
 *
 * @throws {@link UsageError} that names each needed one that is not known.
 */
export function findPlace(
  file: string,
  document: TrustDocument,
  given: Given,
  env: NodeJS.ProcessEnv = process.env,
): { readonly account: string; readonly region: string } {
  const region = knownRegion(document, given, env);
  const problems = [
    ...(needsAccount(document, given)
      ? [`${file} says \`self\`: give the account that it stands for with --account.`]
      : []),
    ...(region === undefined ? ["The AWS region is not known: give it with --region, or set AWS_REGION."] : []),
  ];
  if (region === undefined || problems.length > 0) throw new UsageError(problems.join("\n"));
  return { account: given.account ?? NO_ACCOUNT, region };
}

/** Whether the document depends on the account, and nothing says it. */
export function needsAccount(document: TrustDocument, { account }: Given): boolean {
  return account === undefined && dependsOnAccount(document);
}

/** The region of a document: the one that is given, else that of its identities if it says `self` for no registry. */
export function knownRegion(document: TrustDocument, { region }: Given, env: NodeJS.ProcessEnv): string | undefined {
  // An empty variable says nothing, as for the AWS SDK.
  const named = region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined);
  return named ?? (dependsOnAccount(document) ? undefined : regionOfIdentities(document));
}

/** Whether the document uses `self` for a registry. */
export function dependsOnAccount({ registries, statements, exemptions }: TrustDocument): boolean {
  const repositories = statements.flatMap((statement) => [
    ...statement.repositories,
    ...(statement.signaturesFrom === undefined ? [] : [statement.signaturesFrom]),
  ]);
  const images = exemptions.map(({ image }) => image);
  return [...registries.map(toHost), ...repositories, ...images].some(
    (name) => name === "self" || name.startsWith("self/"),
  );
}

/** The region of the first identity that is an ARN. */
export function regionOfIdentities({ statements }: TrustDocument): string | undefined {
  const identity = statements.flatMap(listIdentities).find((text) => text !== "self");
  return identity === undefined ? undefined : parseIdentity(identity).region;
}

/**
 * The account that `self` must stand for if the document makes sense: that of a repository in this region whose registry
 * is not listed otherwise.
 */
export function impliedAccount(
  { registries, statements }: Pick<TrustDocument, "registries" | "statements">,
  region: string,
): string | undefined {
  const hosts = statements.flatMap(({ repositories }) => repositories.map(toRegistry));
  const unlisted = hosts.filter((host) => !registries.includes(host)).map(parseEcrHost);
  return unlisted.find((location) => location?.region === region)?.account;
}

/** A signing profile in this account and region that does not exist: a placeholder for an unknown one. */
export function unknownProfile(account: string, region: string, number: number): string {
  return `arn:${findPartition(region)}:signer:${region}:${account}:/signing-profiles/not_known_${number}`;
}
