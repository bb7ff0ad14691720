import type { TrustDocument } from "../../../trust/document";
import { expandTrustDocument, type ResolvedTrustDocument } from "../../../trust/expand";
import { parseIdentity } from "../../../trust/identity";
import { readTrustDocument } from "../../../trust/read";
import { UsageError } from "../exit-code";

/** Stands in for the account where nothing depends on it. */
export const NO_ACCOUNT = "000000000000";

/**
 * Reads a trust document and puts this environment in the place of `self`. Account and region are needed only where the
 * document depends on them: the account for `self`, the region for `self` and for the partition, which an identity gives
 * as well.
 */
export async function locate(
  file: string,
  { account, region }: { readonly account?: string; readonly region?: string },
  environment: NodeJS.ProcessEnv = process.env,
): Promise<ResolvedTrustDocument> {
  const document = await readTrustDocument(file);
  return expandTrustDocument(document, placeOf(file, document, { account, region }, environment));
}

/**
 * The account and region that a document is to be read for.
 *
 * @throws {@link UsageError} if one of them is needed and not known.
 */
export function placeOf(
  file: string,
  document: TrustDocument,
  { account, region }: { readonly account?: string | undefined; readonly region?: string | undefined },
  environment: NodeJS.ProcessEnv = process.env,
): { readonly account: string; readonly region: string } {
  const dependent = dependsOnAccount(document);
  if (dependent && account === undefined) {
    throw new UsageError(`${file} says \`self\`: give the account that it stands for with --account.`);
  }
  const named = region ?? environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION;
  const known = named ?? (dependent ? undefined : regionOfIdentities(document));
  if (known === undefined) {
    throw new UsageError(`The AWS region is not known: give it with --region, or set AWS_REGION.`);
  }
  return { account: account ?? NO_ACCOUNT, region: known };
}

/** Whether the document says `self` for a registry. */
export function dependsOnAccount({ registries, statements, exemptions }: TrustDocument): boolean {
  const repositories = statements.flatMap((statement) => statement.repositories);
  const images = exemptions.map(({ image }) => image);
  return [...registries, ...repositories, ...images].some((name) => name === "self" || name.startsWith("self/"));
}

/** The region of the first identity that is an ARN. */
export function regionOfIdentities({ statements }: TrustDocument): string | undefined {
  const identity = statements.flatMap(({ identities }) => identities).find((text) => text !== "self");
  return identity === undefined ? undefined : parseIdentity(identity).region;
}
