import * as z from "zod";
import { parseJson } from "../../trust/text/parse-json";
import { RECORD_VERSION } from "../../verifier/src/reporting/record";

/**
 * A verdict's record as it is read back: of verifier/src/reporting/record.ts. A verifier that is newer than this program may
 * add fields, codes and responses, which are kept; it raises the version when a field changes its meaning.
 */
export const verdictRecord = z.looseObject({
  version: z.literal(RECORD_VERSION),
  environment: z.string(),
  mode: z.enum(["audit", "enforce"]),
  account: z.string(),
  region: z.string(),
  cluster: z.string(),
  task: z.string(),
  taskDefinition: z.string(),
  family: z.string(),
  group: z.string().optional(),
  service: z.string().optional(),
  launchType: z.string().optional(),
  lastStatus: z.string(),
  container: z.string(),
  image: z.string(),
  digest: z.string().optional(),
  status: z.enum(["trusted", "denied", "inconclusive", "exempt"]),
  code: z.string(),
  detail: z.string(),
  provisional: z.boolean(),
  final: z.boolean(),
  tagMovedFrom: z.string().optional(),
  signature: z
    .looseObject({
      digest: z.string(),
      profileVersion: z.string().optional(),
      job: z.string().optional(),
      signingTime: z.string().optional(),
      expiry: z.string().optional(),
    })
    .optional(),
  response: z.string(),
  done: z.string(),
  responseError: z.string().optional(),
  count: z.number().optional(),
  countedSince: z.string().optional(),
  taskCreatedAt: z.string(),
  judgedAt: z.string(),
});

export type ReadRecord = z.infer<typeof verdictRecord>;

const verdictLine = z.looseObject({ message: z.literal("Image Verdict"), verdict: z.unknown() });

/** What a line of the log holds. */
export type LogLine =
  | { readonly kind: "verdict"; readonly record: ReadRecord }
  /** Says that it holds a verdict, and does not. */
  | { readonly kind: "unreadable"; readonly why: string }
  | { readonly kind: "other" };

/** Reads one line of the function's log. */
export function readLogLine(line: string): LogLine {
  const parsed = verdictLine.safeParse(parseJson(line));
  if (!parsed.success) {
    // Lambda cuts a line that is too long, and then it is no JSON.
    const cut = /^\{.*"message":"Image Verdict"/.test(line) && parseJson(line) === undefined;
    return cut ? { kind: "unreadable", why: "it is not whole" } : { kind: "other" };
  }
  const record = verdictRecord.safeParse(parsed.data.verdict);
  if (record.success) return { kind: "verdict", record: record.data };
  const [issue] = record.error.issues;
  return {
    kind: "unreadable",
    why: `${issue?.path.join(".") || "the verdict"}: ${issue?.message ?? "is not readable"}`,
  };
}
