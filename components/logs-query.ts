import type { Partition } from "../trust/partition";

/** The verdicts of the last hour, newest first. The fields are those of verifier/src/launch/record.ts. */
export const VERDICT_QUERY = [
  "fields @timestamp, verdict.status, verdict.code, verdict.container, verdict.image, verdict.digest, verdict.response, verdict.detail",
  'filter message = "Image Verdict"',
  "sort @timestamp desc",
  "limit 200",
].join("\n| ");

/**
 * Address of CloudWatch Logs Insights in the AWS console, with the query filled in. The console's own form (seen, not
 * documented): JSURL, in which quotes are `'` and other characters are `*` and two hexadecimal digits.
 */
export function logsQueryLink(partition: Partition, region: string, logGroup: string): string {
  const host = partition === "aws-us-gov" ? "console.amazonaws-us-gov.com" : `${region}.console.aws.amazon.com`;
  const detail = [
    "~(end~0~start~-3600~timeType~'RELATIVE~unit~'seconds",
    `~editorString~'${escaped(VERDICT_QUERY)}`,
    `~source~(~'${escaped(logGroup)}))`,
  ].join("");
  return `https://${host}/cloudwatch/home?region=${region}#logsV2:logs-insights?queryDetail=${detail}`;
}

function escaped(text: string): string {
  return text.replace(/[^A-Za-z0-9_.-]/g, (character) => `*${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
