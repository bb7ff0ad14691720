import { formatRows, type Message, subjectLine } from "../reporting/message";
import { runbookOfAlarm } from "../reporting/runbook";
import type { FindingContext } from "./finding-facts";
import { SecurityHubOffError } from "./import-findings";

/** Findings that could not be sent. */
export interface UnsentFindings {
  readonly count: number;
  /** Why nothing more could be sent; otherwise why the first could not. */
  readonly error: Error;
}

/** The message that findings are not in Security Hub yet. */
export function formatUnsent(
  { count, error }: UnsentFindings,
  { environment, runbookUrl, trust }: FindingContext,
): Message {
  const findings = count === 1 ? "1 finding" : `${count} findings`;
  return {
    subject: subjectLine(`FINDINGS NOT SENT: ${findings} in ${environment}`),
    text: formatRows("FINDINGS NOT SENT: Security Hub does not have them yet", [
      ["Count", `${findings}; they are kept, and sent as soon as Security Hub takes them`],
      ["Where", `Security Hub in ${trust.region}, account ${trust.account}, environment ${environment}`],
      ["Why", error.message],
      ["Next", nextStepAfter(error)],
      ["Runbook", runbookOfAlarm("findings-unsent", runbookUrl)],
    ]),
  };
}

function nextStepAfter(error: Error): string {
  const { cause } = error;
  const name = cause instanceof Error ? cause.name : "";
  if (error instanceof SecurityHubOffError) {
    return "Turn on Security Hub CSPM in this account and region, or set findings to false and deploy";
  }
  if (/AccessDenied/.test(name)) {
    return "Check whether Security Hub CSPM is on, and whether a policy denies the verifier's role securityhub:BatchImportFindings";
  }
  return "If it lasts: check whether the verifier can reach Security Hub. The log has every reason";
}
