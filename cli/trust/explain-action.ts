import { toExitCode } from "../lib/exit-code";
import { explainImage } from "./explain-image";
import { imageExplanationText } from "./explain-text";
import { readTrustFile } from "./file";
import type { TrustOptions } from "./options";
import { placeTrust } from "./resolve";

/** The options of `trust explain`. */
export interface ExplainOptions extends TrustOptions {
  readonly trust: string;
  readonly json?: true;
}

/** Prints what a trust document says of images. */
export async function explainImages(images: readonly string[], options: ExplainOptions): Promise<void> {
  const now = new Date();
  const file = await readTrustFile(options.trust);
  // As when images are judged: an expired exemption exempts nothing.
  const placed = placeTrust(file, options, { now, expiredExemptions: "keep" });
  const explained = images.map((image) => explainImage(image, placed, now));
  const print = options.json ? (one: (typeof explained)[number]) => JSON.stringify(one) : imageExplanationText;
  process.stdout.write(`${explained.map(print).join(options.json ? "\n" : "\n\n")}\n`);
  process.exitCode = toExitCode(explained.map(({ status }) => status ?? "trusted"));
}
