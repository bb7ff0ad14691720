import type { ResourceValidationArgs } from "@pulumi/policy";
import { typeToken } from "../../components/type-token";
import { parseTrustDocument, type TrustDocument } from "../../trust/document";
import { known } from "./preview-values";
import { findTrustDocument, type TrustSource } from "./trust-source";

const verification: string = typeToken("ImageVerification");
/** Every program has exactly one: problems of the configured trust document are reported there. */
const stack = "pulumi:pulumi:Stack";

/** Whether a policy on trust documents finds one at this resource: the configured one, or that of our component. */
export function carriesTrust({ type }: Pick<ResourceValidationArgs, "type">): boolean {
  return type === stack || type === verification;
}

/**
 * The trust document of a resource as written, including expired exemptions; undefined for a stack if none is
 * configured.
 *
 * @throws `TrustDocumentError`, `TrustFileError` or `PolicyConfigurationError`; `UnknownValueError` in a preview.
 */
export async function carriedTrust(
  source: Pick<TrustSource, "trust" | "trustFile">,
  { type, props }: Pick<ResourceValidationArgs, "type" | "props">,
): Promise<TrustDocument | undefined> {
  if (type === verification) return parseTrustDocument(known(props.trust), { expiredExemptions: "keep" });
  if (source.trust === undefined && source.trustFile === undefined) return undefined;
  return findTrustDocument(source);
}
