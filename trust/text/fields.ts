import * as z from "zod";

/** A whole number in a range, with a message that states the range and the unit. */
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

/** A text whose form can be described in one phrase: `the ARN of a KMS key`. */
export function textLike(pattern: RegExp, what: string) {
  return z.string().regex(pattern, `must be ${what}`);
}

/** A URL that must start with https. */
export function httpsUrl(what: string) {
  return z
    .string()
    .refine((text) => isHttps(text), `must be ${what}, starting with https://`)
    .meta({ pattern: HTTPS.source });
}

// URL treats a backslash as a slash and ignores white space.
const HTTPS = /^https:\/\/[^\s\\]+$/;

function isHttps(text: string): boolean {
  return HTTPS.test(text) && URL.canParse(text);
}

/** A list without duplicates, compared by `identify`. */
export function eachOnce<Item extends z.ZodType>(
  item: Item,
  identify: (value: z.infer<Item>) => unknown,
  what: string,
) {
  return (
    z
      .array(item)
      .superRefine((values, context) => {
        const seen = new Set<unknown>();
        for (const [index, value] of values.entries()) {
          const identity = identify(value);
          if (seen.has(identity)) context.addIssue({ code: "custom", path: [index], message: `repeats ${what}` });
          seen.add(identity);
        }
      })
      // What JSON Schema can say of it.
      .meta({ uniqueItems: true })
  );
}
