import { isAsExpected, isMessageExpected, type Row } from "./play";
import type { Summary } from "./summary";

/** The rows and the summary, one JSON object per line. Unknown values are omitted. */
export function jsonLines(rows: readonly Row[], summary: Summary): string {
  return [...rows.map(verdictLine), { kind: "summary", ...summary }]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join("");
}

function verdictLine(row: Row) {
  const { scene, launch, container, image, verdict, response, message, expected, expectedResponse } = row;
  const { status, code, digest, provisional, signature, milliseconds, detail } = verdict;
  return {
    kind: "verdict",
    scene,
    task: launch.taskArn,
    launchType: launch.launchType,
    taskStatus: launch.lastStatus,
    container,
    image,
    digest,
    status,
    code,
    provisional,
    signer: signature?.profileVersion,
    job: signature?.job,
    response,
    notified: message !== undefined,
    milliseconds,
    detail,
    expected: { verdict: expected, response: expectedResponse, notified: isMessageExpected(row) },
    asExpected: isAsExpected(row),
  };
}
