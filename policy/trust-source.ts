import { resolve } from "node:path";
import * as z from "zod";
import { type ParseOptions, parseTrustDocument, type TrustDocument } from "../trust/document";
import { expandTrustDocument, type ResolvedTrustDocument } from "../trust/expand";
import { readTrustDocument } from "../trust/read";
import { PolicyConfigurationError } from "./resource-policy";

/** Where a policy has its trust document from: part of the configuration of each policy that needs one. */
export const trustSource = z.strictObject({
  trustFile: z
    .string()
    .min(1)
    .optional()
    .describe("File with the trust document, YAML or JSON; relative to the folder of the policy pack"),
  trust: z.record(z.string(), z.unknown()).optional().describe("The trust document itself, in place of trustFile"),
  account: z.string().optional().describe("AWS account that `self` stands for, 12 digits"),
  region: z.string().optional().describe("AWS region of the environment, such as eu-west-1"),
  signingProfileArn: z.string().optional().describe("Signing profile that `self` stands for as an identity"),
});

export type TrustSource = z.output<typeof trustSource>;

/**
 * The trust document as it was written. Expired exemptions are kept: they exempt nothing, and the policy on exemptions
 * reports them.
 *
 * @throws {@link PolicyConfigurationError}, `TrustFileError` or `TrustDocumentError`.
 */
export async function trustDocumentOf(
  policy: string,
  { trust, trustFile }: Pick<TrustSource, "trust" | "trustFile">,
): Promise<TrustDocument> {
  const options: ParseOptions = { expiredExemptions: "keep" };
  if (trust !== undefined && trustFile === undefined) return parseTrustDocument(trust, options);
  if (trust === undefined && trustFile !== undefined) {
    return readTrustDocument(resolve(__dirname, trustFile), options);
  }
  throw new PolicyConfigurationError(policy, ["it needs a trust document: exactly one of trustFile and trust"]);
}

/** The trust document of one place, in which nothing says `self` any more. */
export async function resolvedTrustOf(policy: string, source: TrustSource): Promise<ResolvedTrustDocument> {
  const { account, region, signingProfileArn } = source;
  if (account === undefined || region === undefined) {
    throw new PolicyConfigurationError(policy, ["account and region of the environment are missing"]);
  }
  const document = await trustDocumentOf(policy, source);
  return expandTrustDocument(document, {
    account,
    region,
    ...(signingProfileArn === undefined ? {} : { signingProfileArn }),
  });
}
