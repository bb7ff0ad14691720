import * as z from "zod";
import { parseJson } from "../../trust/text/parse-json";
import { signatureSchema, verdictRecordSchema } from "../../verifier/src/reporting/record-schema";

/** Accepts any text where the verifier writes a specific format: a line is only shown, not validated. */
function anyText<Shape extends z.ZodRawShape>(shape: Shape): Shape {
  const fields = Object.entries(shape).map(([name, field]) => [name, withoutForm(field as z.ZodType)]);
  return Object.fromEntries(fields) as Shape;
}

function withoutForm(field: z.ZodType): z.ZodType {
  if (field instanceof z.ZodExactOptional) return withoutForm(field.unwrap() as z.ZodType).exactOptional();
  return field.def.type === "string" ? z.string() : field;
}

const signature = z.looseObject(anyText(signatureSchema.shape));

/**
 * A verdict's record as read from the log. A verifier newer than this program may add fields, codes, responses,
 * enforcement points and subjects, which are kept; it raises the version when a field changes its meaning. An older
 * verifier does not write all fields.
 */
export const verdictRecord = z.looseObject({
  ...anyText(verdictRecordSchema.shape),
  code: z.string(),
  response: z.string(),
  signature: signature.exactOptional(),
  enforcementPoint: z.string().exactOptional(),
  subject: z.string().exactOptional(),
  signatures: z.array(signature).exactOptional(),
  order: z.looseObject({}).exactOptional(),
  without: z.looseObject({ status: z.string(), code: z.string() }).exactOptional(),
  /** Used only for chat messages. */
  chat: z.unknown().optional(),
});

export type ReadRecord = z.infer<typeof verdictRecord>;

const verdictLine = z.looseObject({ message: z.literal("Image Verdict"), verdict: z.unknown() });

/** The contents of a log line. */
export type LogLine =
  | { readonly kind: "verdict"; readonly record: ReadRecord }
  /** Claims to be a verdict but is not a valid one. */
  | { readonly kind: "unreadable"; readonly why: string }
  | { readonly kind: "other" };

/** Reads one line of the function's log. */
export function readLogLine(line: string): LogLine {
  const parsed = verdictLine.safeParse(parseJson(line));
  if (!parsed.success) {
    // Lambda truncates a line that is too long, which makes it invalid JSON.
    const cut = /^\{.*"message":"Image Verdict"/.test(line) && parseJson(line) === undefined;
    return cut ? { kind: "unreadable", why: "it is truncated" } : { kind: "other" };
  }
  const record = verdictRecord.safeParse(parsed.data.verdict);
  if (record.success) return { kind: "verdict", record: record.data };
  const [issue] = record.error.issues;
  return {
    kind: "unreadable",
    why: `${issue?.path.join(".") || "the verdict"}: ${issue?.message ?? "is not readable"}`,
  };
}
