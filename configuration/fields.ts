import * as z from "zod";
import { parseEcrHost } from "../trust/partition";
import { parseReference } from "../trust/reference";

/** A whole number in a range, with a message that says both. */
export function wholeNumber(min: number, max: number, unit = "") {
  const error = `must be a whole number from ${min} to ${max}${unit === "" ? "" : `, in ${unit}`}`;
  return z
    .int({ error: (issue) => (issue.input === undefined ? undefined : error) })
    .min(min, error)
    .max(max, error);
}

/** One of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(...words: Words) {
  return z.enum(words, {
    error: (issue) =>
      issue.input === undefined ? undefined : `must be ${words.map((word) => `"${word}"`).join(" or ")}`,
  });
}

/** A text of a form that a person can be told about in one phrase: `the ARN of a KMS key`. */
export function textLike(pattern: RegExp, what: string) {
  return z.string().regex(pattern, `must be ${what}`);
}

/** An address that must begin with https. */
export function httpsUrl(what: string) {
  return z.string().refine((text) => isHttps(text), `must be ${what}, beginning with https://`);
}

function isHttps(text: string): boolean {
  // URL reads a backslash as a slash and passes over white space.
  return /^https:\/\/[^\s\\]+$/.test(text) && URL.canParse(text);
}

/** An image in ECR by its digest alone. */
export function ecrImageByDigest() {
  return z
    .string()
    .refine(
      isEcrImageByDigest,
      "must be an image in ECR by its digest and without a tag, such as " +
        "111122223333.dkr.ecr.eu-west-1.amazonaws.com/verifier@sha256:<64 hexadecimal digits>, as image build --push prints it",
    );
}

function isEcrImageByDigest(text: string): boolean {
  try {
    const { registry, tag, digest } = parseReference(text);
    return parseEcrHost(registry) !== undefined && tag === undefined && digest?.startsWith("sha256:") === true;
  } catch {
    return false;
  }
}

/** A list in which nothing stands twice, told apart by `identify`. */
export function eachOnce<Item extends z.ZodType>(
  item: Item,
  identify: (value: z.infer<Item>) => unknown,
  what: string,
) {
  return z.array(item).superRefine((values, context) => {
    const seen = new Set<unknown>();
    for (const [index, value] of values.entries()) {
      const identity = identify(value);
      if (seen.has(identity)) context.addIssue({ code: "custom", path: [index], message: `repeats ${what}` });
      seen.add(identity);
    }
  });
}
