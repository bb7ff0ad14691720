import { isDeployed } from "../environments/deployed-options";
import type { JudgingOptions } from "../gate/judging-options";
import { UsageError } from "../lib/errors";
import type { NewFile } from "../lib/new-file";
import { checkForm, type FormOptions } from "../report/report-options";

/** What is scanned, and what is made of it. */
export interface ScanOptions extends JudgingOptions, FormOptions {
  /** Names or ARNs. */
  readonly cluster?: readonly string[];
  readonly allClusters?: true;
  readonly region?: readonly string[];
  readonly json?: true;
  /** Only print the IAM policy. */
  readonly permissions?: true;
  /** Where to write a trust document. */
  readonly suggest?: string;
  /** Accounts whose profiles the suggestion may trust, beside that of what runs. */
  readonly account?: readonly string[];
}

/** Whether there is something to judge with. Without it a scan says only who signed what. */
export function hasTrust({ trust, stack, outputs }: Pick<ScanOptions, "trust" | "stack" | "outputs">): boolean {
  return trust !== undefined || isDeployed({ stack, outputs });
}

/**
 * Checks which options go together.
 *
 * @throws {@link UsageError}
 */
export function checkScanOptions(options: ScanOptions): void {
  const { cluster = [], allClusters, suggest, account, force, permissions, format, out } = options;
  if (cluster.length > 0 && allClusters) throw new UsageError("Name clusters, or say --all-clusters, not both.");
  if (cluster.length === 0 && !allClusters && !permissions) {
    throw new UsageError("Say what to scan: --cluster NAME (may be repeated), or --all-clusters.");
  }
  if (suggest !== undefined && hasTrust(options)) {
    throw new UsageError(
      "--suggest makes a trust document of what is signed today: leave --trust, --stack and --outputs out.",
    );
  }
  if (!hasTrust(options) && (options.signingProfile !== undefined || options.stackProfile !== undefined)) {
    throw new UsageError("--signing-profile and --stack-profile are for a trust document: give --trust FILE as well.");
  }
  if (suggest === undefined && out === undefined && force) {
    throw new UsageError("--force is for the file of --suggest or --out.");
  }
  if (!hasTrust(options) && (format !== undefined || out !== undefined)) {
    throw new UsageError(
      "--format and --out are for verdicts: give --trust, --stack or --outputs. Without, there is --json.",
    );
  }
  if (options.json && (format !== undefined || out !== undefined)) {
    throw new UsageError("--json has a form of its own: leave --format and --out out, or say --format json.");
  }
  checkForm(options);
  if (suggest === undefined && account !== undefined && !permissions) {
    throw new UsageError("--account is for --suggest, and for --permissions with a trust document that says `self`.");
  }
}

/** The file of --suggest. */
export function suggestionFile(file: string, { force }: Pick<ScanOptions, "force">): NewFile {
  return { option: "--suggest", file, force: force === true };
}
