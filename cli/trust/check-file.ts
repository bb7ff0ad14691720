import { checkDocument } from "./check-document";
import { checkStack } from "./check-stack";
import type { TrustFile } from "./file";
import type { CheckOptions, TrustCheck } from "./findings";

/** Checks a file as far as possible without AWS and Pulumi. */
export function checkTrustFile(file: TrustFile, options: CheckOptions): TrustCheck {
  const findings =
    file.kind === "stack" ? checkStack(file.stack, file.value, options) : checkDocument(file.value, options);
  return { file: file.file, kind: file.kind, ...findings };
}
