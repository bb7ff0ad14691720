import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import type { Exemption } from "../../trust/document";
import { FixableError } from "../../trust/text/fixable-error";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { trustFile } from "../gate/judging";
import { count } from "../lib/count";
import { readTrustFile, type TrustFile } from "../trust/file";
import { placeTrust } from "../trust/resolve";
import type { ReportOptions } from "./report-options";
import { SOURCE } from "./source-names";
import type { SourceReader } from "./source-reader";

/**
 * The exemptions that are deployed, or those of the stack's file where the deployment is older than the output that says so.
 * Undefined if they are not known.
 */
export async function readExemptions(
  { account, region, signingProfileArn, trustDocument }: EnvironmentOutputs,
  { stack, project }: Pick<ReportOptions, "stack" | "project">,
  reader: SourceReader,
): Promise<readonly Exemption[] | undefined> {
  if (trustDocument === undefined && stack === undefined) {
    reader.absent(
      SOURCE.exemptions,
      "Not known from --outputs of a deployment that is older than the output trustDocument: --stack NAME reads them from the stack's file.",
    );
    return undefined;
  }
  try {
    const file: TrustFile =
      trustDocument === undefined
        ? await readTrustFile(trustFile(withoutUndefined({ stack, project })))
        : { kind: "trust-document", file: "the trust document that is deployed", value: trustDocument };
    const place = { account, region, signingProfile: signingProfileArn };
    // A report shows what has ended, as `verify` judges with it.
    const { trust } = placeTrust(file, place, { expiredExemptions: "keep" });
    const age = trustDocument === undefined ? ", which may be newer than what is deployed" : "";
    const detail = `${count(trust.exemptions.length, "exemption")} of ${file.file}${age}.`;
    reader.note({ name: SOURCE.exemptions, state: "read", detail });
    return trust.exemptions;
  } catch (error) {
    if (!(error instanceof FixableError)) throw error;
    reader.note({ name: SOURCE.exemptions, state: "failed", detail: error.message });
    return undefined;
  }
}
