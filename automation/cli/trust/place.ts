import { InvalidArgumentError } from "commander";
import type { TrustDocument } from "../../../trust/document";
import { isAccountId, isRegionName, parseEcrHost, partitionOf } from "../../../trust/partition";
import { registryOf } from "../../../trust/repository-entry";

/** The value of `--account`. */
export function parseAccount(text: string): string {
  if (!isAccountId(text)) throw new InvalidArgumentError("It must be an AWS account: 12 digits.");
  return text;
}

/** The value of `--region`. */
export function parseRegion(text: string): string {
  if (!isRegionName(text)) throw new InvalidArgumentError("It must be an AWS region, such as eu-west-1.");
  return text;
}

/**
 * The account that `self` must stand for if the document makes sense: that of a repository in this region whose registry
 * is not listed otherwise.
 */
export function impliedAccount(
  { registries, statements }: Pick<TrustDocument, "registries" | "statements">,
  region: string,
): string | undefined {
  const hosts = statements.flatMap(({ repositories }) => repositories.map(registryOf));
  const unlisted = hosts.filter((host) => !registries.includes(host)).map(parseEcrHost);
  return unlisted.find((location) => location?.region === region)?.account;
}

/** A signing profile of this place that nobody has: stands for one that is not known. */
export function unknownProfile(account: string, region: string, number: number): string {
  return `arn:${partitionOf(region)}:signer:${region}:${account}:/signing-profiles/not_known_${number}`;
}
