import { InvalidArgumentError } from "commander";
import { ReferenceInvalidError, readReference, repositoryName } from "../../trust/reference";
import { OWNER_PATTERN, REASON_PATTERN } from "../../verifier/src/orders/grammar";

/** An image by digest, as orders name it. */
export interface OrderedImage {
  /** Repository with its registry. */
  readonly image: string;
  readonly digest: string;
}

export function parseOrderedImage(text: string): OrderedImage {
  const reference = readReference(text);
  if (reference instanceof ReferenceInvalidError) throw new InvalidArgumentError(reference.message);
  const { digest } = reference;
  if (digest === undefined) {
    throw new InvalidArgumentError(
      "It must name the digest, such as registry.example.com/app@sha256:...: an order applies to one digest. " +
        "`verdicts` and `inspect` print it.",
    );
  }
  return { image: repositoryName(reference), digest };
}

export function parseReason(text: string): string {
  if (REASON_PATTERN.test(text)) return text;
  throw new InvalidArgumentError("It must be one line of 1 to 500 characters, without control characters.");
}

export function parseOwner(text: string): string {
  if (OWNER_PATTERN.test(text)) return text;
  throw new InvalidArgumentError(
    "It must have 1 to 64 letters, digits, spaces and ._@/-, and begin with a letter or digit: CloudTrail shows it.",
  );
}

const MILLISECONDS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time such as `30m`, `4h` or `7d`, in milliseconds. */
export function parseDuration(text: string): number {
  const { count = "0", unit = "" } = /^(?<count>\d{1,4})(?<unit>[mhd])$/.exec(text)?.groups ?? {};
  const milliseconds = Number(count) * (MILLISECONDS[unit] ?? 0);
  if (milliseconds > 0) return milliseconds;
  throw new InvalidArgumentError("It must be like 30m, 4h or 7d.");
}
