import { NO_ACCOUNT } from "../../configuration/stack-place";
import type { TrustDocument } from "../../trust/document";
import { parseIdentity } from "../../trust/identity";
import { findPartition, parseEcrHost } from "../../trust/partition";
import { toHost } from "../../trust/registry-login";
import { toRegistry } from "../../trust/repository-entry";
import { listIdentities } from "../../trust/signers";
import { UsageError } from "../lib/errors";

/**
 * The account and region for which to read a document.
 *
 * @throws {@link UsageError} if a needed one is not known.
 */
export function findPlace(
  file: string,
  document: TrustDocument,
  { account, region }: { readonly account?: string | undefined; readonly region?: string | undefined },
  env: NodeJS.ProcessEnv = process.env,
): { readonly account: string; readonly region: string } {
  const dependent = dependsOnAccount(document);
  if (dependent && account === undefined) {
    throw new UsageError(`${file} says \`self\`: give the account that it stands for with --account.`);
  }
  const named = region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  const known = named ?? (dependent ? undefined : regionOfIdentities(document));
  if (known === undefined) {
    throw new UsageError(`The AWS region is not known: give it with --region, or set AWS_REGION.`);
  }
  return { account: account ?? NO_ACCOUNT, region: known };
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
