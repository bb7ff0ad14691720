import type { DeployedOptions } from "../environments/deployed-options";
import type { JudgingOptions } from "../gate/judging-options";
import { UsageError } from "../lib/errors";

/** What is scanned, and what is made of it. */
export interface ScanOptions extends JudgingOptions {
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
  /** Whether a file that is there is overwritten. */
  readonly force?: true;
}

/** Whether there is something to judge with. Without it a scan says only who signed what. */
export function hasTrust({ trust, stack, outputs }: Pick<ScanOptions, "trust" | "stack" | "outputs">): boolean {
  return trust !== undefined || isDeployed({ stack, outputs });
}

/** Whether the options name a deployed environment. */
export function isDeployed({ stack, outputs }: { [Key in keyof DeployedOptions]: string | undefined }): boolean {
  return stack !== undefined || outputs !== undefined;
}

/**
 * Checks which options go together.
 *
 * @throws {@link UsageError}
 */
export function checkScanOptions(options: ScanOptions): void {
  const { cluster = [], allClusters, suggest, account, force, permissions } = options;
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
  if (suggest === undefined && force) throw new UsageError("--force is for the file of --suggest.");
  if (suggest === undefined && account !== undefined && !permissions) {
    throw new UsageError("--account is for --suggest, and for --permissions with a trust document that says `self`.");
  }
}
