import { Command, InvalidArgumentError, Option } from "commander";
import { withDeployedOptions } from "../environments/deployed-options";
import { withJudgingOptions } from "../gate/judging-options";
import { withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { TRUST_FILE } from "../trust/options";
import { withFormOptions } from "./report-options";

const DEFAULT_DAYS = 7;
const MOST_DAYS = 90;

/** `report`: what runs, what enforcing would stop, and what is covered. */
export function reportCommand(): Command {
  const command = withFormOptions(withDeployedOptions(new Command("report")))
    .description("Report what runs, what `enforce` would stop, what is covered and what ends.")
    .option("--force", "overwrite the file of --out")
    .option("--days <number>", "how far back the history goes", parseDays, DEFAULT_DAYS);
  withJudgingOptions(command, `also say what would change if this were the trust document: ${TRUST_FILE}`)
    .option("--permissions", "print the IAM policy that this call needs, and do nothing else")
    .addOption(new Option("--json", "the same as --format json").conflicts("format"))
    .action(lazily(() => (require("./report-action") as typeof import("./report-action")).report));
  return withHelp(command, {
    notes: `It reads the last sweep from the ledger, the verdicts of the last days from the logs, the services with the deployment
gate, and the orders of the moment; it changes nothing. What could not be read is said in the report. docs/report.md
explains each section and the JSON form.

--trust FILE adds what another trust document would change: what runs, and what was denied in the last days, is judged
again with it on this machine, as by \`scan\`. Without it no image is judged.

The page of --format html is one file that loads nothing: open it in a browser, or send it to an auditor.`,
    examples: [
      "ecs-image-verification report --stack prod",
      "ecs-image-verification report --stack prod --format html --out report.html",
      "ecs-image-verification report --outputs outputs.json --days 30 --format json",
      "ecs-image-verification report --stack prod --trust stricter.yaml",
    ],
    exitCodes: [
      "0 the report was made, whatever is in it",
      "2 nothing could be read",
      "64 the call, the outputs, the trust document or the file of --out cannot be used",
    ],
  });
}

/** A log keeps its lines for months at most, and is read as a whole. */
function parseDays(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS) {
    throw new InvalidArgumentError(`It must be a whole number of days, from 1 to ${MOST_DAYS}.`);
  }
  return days;
}
