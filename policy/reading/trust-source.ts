import { resolve } from "node:path";
import * as z from "zod";
import { type ParseOptions, parseTrustDocument, type TrustDocument } from "../../trust/document";
import { readTrustDocument } from "../../trust/read";
import { packFolder } from "../pack-folder";
import { PolicyConfigurationError } from "../resource-policy";
import type { ComponentEnvironment } from "./component-environments";

/** The source of a policy's trust document: part of the configuration of each policy that needs one. */
export const trustSource = z.strictObject({
  trustFile: z
    .string()
    .min(1)
    .optional()
    .describe("File with the trust document, YAML or JSON; relative to the folder of the policy pack"),
  trust: z.record(z.string(), z.unknown()).optional().describe("The trust document itself, instead of trustFile"),
  account: z.string().optional().describe("AWS account that `self` stands for, 12 digits"),
  region: z.string().optional().describe("AWS region of the environment, such as eu-west-1"),
});

const needsDocument = "it needs a trust document: exactly one of trustFile and trust";

export type TrustSource = z.output<typeof trustSource>;

/**
 * The trust document as written. Expired exemptions are kept: they exempt nothing, and the policy on exemptions reports
 * them.
 *
 * @throws {@link PolicyConfigurationError}, `TrustFileError` or `TrustDocumentError`.
 */
export async function findTrustDocument({
  trust,
  trustFile,
}: Pick<TrustSource, "trust" | "trustFile">): Promise<TrustDocument> {
  const options: ParseOptions = { expiredExemptions: "keep" };
  if (trust !== undefined && trustFile === undefined) return parseTrustDocument(trust, options);
  if (trust === undefined && trustFile !== undefined) {
    return readTrustDocument(resolve(packFolder, trustFile), options);
  }
  throw new PolicyConfigurationError([needsDocument]);
}

/** A trust document with the account and region for `self`. */
export interface PlacedTrust {
  readonly document: TrustDocument;
  readonly account: string;
  readonly region: string;
  /** The component's signing profile, if the document is the component's and it does not create one. */
  readonly signingProfileArn: string | undefined;
}

/**
 * The trust document for a resource: the configured one, otherwise that of the component around the resource. The
 * configuration takes precedence, so that a program cannot weaken the requirements.
 *
 * @throws as {@link findTrustDocument}.
 */
export async function placeTrust(
  source: TrustSource,
  around: () => ComponentEnvironment | undefined,
): Promise<PlacedTrust> {
  const configured = source.trust !== undefined || source.trustFile !== undefined;
  const component = configured ? undefined : around();
  const { account = component?.account, region = component?.region } = source;
  if (account === undefined || region === undefined) {
    const needed = configured ? [] : [needsDocument];
    throw new PolicyConfigurationError([...needed, "it needs account and region of the environment"]);
  }
  const document = await findTrustDocument(component === undefined ? source : { trust: component.trust });
  return { document, account, region, signingProfileArn: component?.signingProfileArn };
}
