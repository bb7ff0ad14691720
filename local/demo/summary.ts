import { isAsExpected, type Row } from "./play";

/** What the demo comes to. */
export interface Summary {
  readonly launches: number;
  readonly containers: number;
  /** Several for a container that is judged again. */
  readonly verdicts: number;
  /** How many verdicts or responses are not the expected ones. */
  readonly unexpected: number;
  readonly seconds: number;
}

export function summarize(rows: readonly Row[], seconds: number): Summary {
  return {
    launches: new Set(rows.map(({ launch }) => launch.taskArn)).size,
    containers: new Set(rows.map(({ launch, container }) => `${launch.taskArn} ${container}`)).size,
    verdicts: rows.length,
    unexpected: rows.filter((row) => !isAsExpected(row)).length,
    seconds: Math.round(seconds * 10) / 10,
  };
}

/** The summary in one line, or the list of what is not as expected. */
export function summaryText(rows: readonly Row[], { launches, containers, unexpected, seconds }: Summary): string {
  const played = `${launches} launches, ${containers} containers`;
  if (unexpected === 0) return `${played}: all verdicts as expected. ${seconds} s.`;
  const list = rows.filter((row) => !isAsExpected(row)).map(unexpectedText);
  return [`${played}: ${unexpected} not as expected. ${seconds} s.`, ...list].join("\n");
}

function unexpectedText({ scene, container, verdict, response, expected, expectedResponse }: Row): string {
  const wanted = `expected ${expected ?? "no such container"}, response ${expectedResponse}`;
  const got = `got ${verdict.status} ${verdict.code}, response ${response.action}`;
  return `  ${scene}: ${container}: ${wanted}; ${got} (${verdict.detail})`;
}
