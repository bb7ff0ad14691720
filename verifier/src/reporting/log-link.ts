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
  const isGovCloud = findPartition(region) === "aws-us-gov";
  const host = isGovCloud ? "console.amazonaws-us-gov.com" : `${region}.console.aws.amazon.com`;
  const detail = [
    `~(end~0~start~-${seconds}~timeType~'RELATIVE~unit~'seconds`,
    `~editorString~'${escaped(query)}`,
    `~source~(~'${escaped(logGroup)}))`,
  ].join("");
  return `https://${host}/cloudwatch/home?region=${region}#logsV2:logs-insights?queryDetail=${detail}`;
}

function escaped(text: string): string {
  return text.replace(/[^A-Za-z0-9_.-]/g, (character) => `*${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
