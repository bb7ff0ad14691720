import { findPartition } from "../../../trust/partition";

/** What a link to CloudWatch Logs Insights opens. */
export interface LogQuery {
  readonly region: string;
  readonly logGroup: string;
  /** The query, in the language of CloudWatch Logs Insights. */
  readonly query: string;
  /** The time range of the query, counted back from now. In seconds. */
  readonly seconds: number;
}

/**
 * URL of CloudWatch Logs Insights in the AWS console, with the query filled in. The format is that of the console
 * (observed, not documented): JSURL, in which quotes are `'` and other characters are `*` and two hexadecimal digits.
 */
export function logLink({ region, logGroup, query, seconds }: LogQuery): string {
  const detail = [
    `~(end~0~start~-${seconds}~timeType~'RELATIVE~unit~'seconds`,
    `~editorString~'${escaped(query)}`,
    `~source~(~'${escaped(logGroup)}))`,
  ].join("");
  return `${cloudWatchConsole(region)}#logsV2:logs-insights?queryDetail=${detail}`;
}

/** URL of CloudWatch in the AWS console, without the part that names a page. */
export function cloudWatchConsole(region: string): string {
  const isGovCloud = findPartition(region) === "aws-us-gov";
  const host = isGovCloud ? "console.amazonaws-us-gov.com" : `${region}.console.aws.amazon.com`;
  return `https://${host}/cloudwatch/home?region=${region}`;
}

function escaped(text: string): string {
  return text.replace(/[^A-Za-z0-9_.-]/g, (character) => `*${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
