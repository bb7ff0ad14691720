import { isPast } from "../../trust/calendar-date";
import { quote } from "../../trust/quote";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { UsageError } from "../lib/errors";
import { printable } from "../lib/printable";
import { checkPlaygroundRegistries } from "../playground/in-force";
import { type CallerAccount, callerAccount } from "./caller-account";
import type { TrustFile } from "./file";
import { type OpenValues, openValues } from "./open-values";
import type { TrustOptions } from "./options";
import { howToGive, type PlacedTrust, placeTrust, whollyKnown } from "./resolve";

/** How a command finds what the file and its options leave open. */
export interface Sources {
  /** Whether AWS is asked for the account, if the document needs it. Default: yes. */
  readonly asksAws?: boolean;
  /** A way to have everything, of a command that has it: a sentence. */
  readonly instead?: string;
}

/**
 * The trust document of a command that judges images; all of it must be known. As in a function that runs, an expired exemption
 * exempts nothing, and does not keep the other images from being judged. It is said on standard error, and so is an account
 * that only the credentials tell.
 *
 * @throws {@link UsageError} that names all that is not known, and what `placeTrust` throws.
 */
export async function placeToJudge(
  file: TrustFile,
  options: TrustOptions,
  { asksAws = true, instead }: Sources = {},
): Promise<PlacedTrust> {
  const now = new Date();
  const open = openValues(file, options, { now, expiredExemptions: "keep" });
  const caller = open.account && open.region !== undefined && asksAws ? await callerAccount(open.region) : NOT_ASKED;
  const missing = missingLines(file, open, caller);
  if (missing.length > 0) {
    const head = `${file.file} does not say all that judging images needs. Missing:`;
    throw new UsageError([head, ...missing, ...(instead === undefined ? [] : [instead])].join("\n"));
  }
  const placed = placeTrust(
    file,
    { ...options, ...withoutUndefined({ account: options.account ?? caller.account }) },
    { now, expiredExemptions: "keep" },
  );
  const trust = whollyKnown(placed);
  // A playground says of nobody else's images that all is well, not even that none runs.
  checkPlaygroundRegistries(trust.registries);
  if (caller.account !== undefined) {
    process.stderr.write(
      `\`self\` is account ${caller.account}, that of your AWS credentials. Another: --account ID.\n`,
    );
  }
  for (const { image, expires } of trust.exemptions) {
    if (!isPast(expires, now)) continue;
    process.stderr.write(`The exemption of ${quote(image)} has expired (${expires}) and exempts nothing.\n`);
  }
  return { ...placed, trust };
}

const NOT_ASKED: CallerAccount = {};

/** A line for each value that is not known, with how to give it. */
function missingLines(
  { kind }: TrustFile,
  { account, region, identities }: OpenValues,
  caller: CallerAccount,
): readonly string[] {
  const whyNot = caller.problem === undefined ? "" : `; AWS does not say it: ${printable(caller.problem, 300)}`;
  const howToSay = kind === "stack" ? "set aws:region in the file" : "give it with --region NAME, or set AWS_REGION";
  return [
    ...(account && caller.account === undefined
      ? [`  the account that \`self\` stands for: give it with --account ID${whyNot}`]
      : []),
    ...(region === undefined ? [`  the AWS region: ${howToSay}`] : []),
    ...identities.map((text) => `  the signing profile ${printable(text)}: ${howToGive(text)}`),
  ];
}
