import { isPast } from "../../trust/calendar-date";
import { quote } from "../../trust/quote";
import { readTrustFile } from "./file";
import type { TrustOptions } from "./options";
import { type PlacedTrust, placeTrust, whollyKnown } from "./resolve";

/**
 * The trust document of a command that judges images; all of it must be known. As in a function that runs, an expired exemption
 * exempts nothing, and does not keep the other images from being judged. It is said on standard error.
 *
 * @throws as `placeTrust` and `whollyKnown`.
 */
export async function placeToJudge(file: string, options: TrustOptions): Promise<PlacedTrust> {
  const now = new Date();
  const placed = placeTrust(await readTrustFile(file), options, { now, expiredExemptions: "keep" });
  const trust = whollyKnown(placed);
  for (const { image, expires } of trust.exemptions) {
    if (!isPast(expires, now)) continue;
    process.stderr.write(`The exemption of ${quote(image)} has expired (${expires}) and exempts nothing.\n`);
  }
  return { ...placed, trust };
}
