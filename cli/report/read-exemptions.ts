import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import type { Exemption } from "../../trust/document";
import { FixableError } from "../../trust/text/fixable-error";
import { trustFile } from "../gate/judging";
import { count } from "../lib/count";
import { readTrustFile } from "../trust/file";
import { placeTrust } from "../trust/resolve";
import type { ReportOptions } from "./report-options";
import { SOURCE } from "./source-names";
import type { SourceReader } from "./source-reader";

/** The exemptions of the stack's file: nothing that is deployed says which trust document it has. Undefined if they are not known. */
export async function readExemptions(
  { account, region, signingProfileArn }: EnvironmentOutputs,
  { stack, project }: Pick<ReportOptions, "stack" | "project">,
  reader: SourceReader,
): Promise<readonly Exemption[] | undefined> {
  if (stack === undefined) {
    reader.absent(SOURCE.exemptions, "Not known from --outputs: --stack NAME reads them from the stack's file.");
    return undefined;
  }
  try {
    const file = trustFile({ stack, ...(project === undefined ? {} : { project }) });
    const place = { account, region, signingProfile: signingProfileArn };
    // A report shows what has ended, as `verify` judges with it.
    const { trust } = placeTrust(await readTrustFile(file), place, { expiredExemptions: "keep" });
    const detail = `${count(trust.exemptions.length, "exemption")} of ${file}, which may be newer than what is deployed.`;
    reader.note({ name: SOURCE.exemptions, state: "read", detail });
    return trust.exemptions;
  } catch (error) {
    if (!(error instanceof FixableError)) throw error;
    reader.note({ name: SOURCE.exemptions, state: "failed", detail: error.message });
    return undefined;
  }
}
