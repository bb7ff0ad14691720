import { logLink } from "../verifier/src/reporting/log-link";

/** The verdicts of the last hour, newest first. The fields are those of verifier/src/reporting/record-schema.ts. */
export const VERDICT_QUERY = [
  "fields @timestamp, verdict.status, verdict.code, verdict.container, verdict.image, verdict.digest, verdict.response, verdict.detail",
  'filter message = "Image Verdict"',
  "sort @timestamp desc",
  "limit 200",
].join("\n| ");

/** Address of CloudWatch Logs Insights in the AWS console, with the verdicts of the last hour. */
export function logsQueryLink(region: string, logGroup: string): string {
  return logLink({ region, logGroup, query: VERDICT_QUERY, seconds: 3600 });
}
