import { notationTrustPolicy } from "../../trust/derive";
import { awsRoots } from "../images/trust-store";
import { readTrustFile } from "./file";
import type { TrustOptions } from "./options";
import { policyNotes } from "./policy-notes";
import { placeTrust, whollyKnown } from "./resolve";
import { trustShowText } from "./show-text";
import { trustView } from "./view";

/** The options of `trust show`. */
export interface ShowOptions extends TrustOptions {
  readonly policy?: true;
  readonly json?: true;
}

/** Prints everything derived from a file, or only Notation's trust policy. */
export async function show(path: string, options: ShowOptions): Promise<void> {
  const file = await readTrustFile(path);
  const placed = placeTrust(file, options);
  if (options.policy) {
    const trust = whollyKnown(placed);
    for (const note of policyNotes(trust.statements)) process.stderr.write(`${note}\n`);
    process.stdout.write(`${JSON.stringify(notationTrustPolicy(trust), null, 2)}\n`);
    return;
  }
  const view = trustView(file, placed, await awsRoots(placed.trust.partition), new Date());
  process.stdout.write(`${options.json ? JSON.stringify(view) : trustShowText(view)}\n`);
}
