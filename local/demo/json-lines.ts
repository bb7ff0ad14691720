import { type DeploymentRow, isDeploymentAsExpected } from "./deployments/play";
import { isAsExpected, isMessageExpected, type Row } from "./play";
import type { Played, Summary } from "./summary";
import { isSweptAsExpected, type SweptRow } from "./sweep/play";

/** The rows and the summary, one JSON object per line. Unknown values are omitted. */
export function jsonLines(
  { rows, deployments, sweeps }: Played,
  summary: Summary & { readonly report: string },
): string {
  return [
    ...rows.map(verdictLine),
    ...deployments.map(deploymentLine),
    ...sweeps.rows.map(runningLine),
    { kind: "summary", ...summary },
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join("");
}

function deploymentLine(row: DeploymentRow) {
  const { scene, take, container, verdict, answer, message } = row;
  const { status, code, digest, provisional, milliseconds, detail, reference } = verdict;
  return {
    kind: "deployment",
    scene,
    deployment: take.deployment.deploymentArn,
    stage: take.stage,
    mode: take.mode,
    container,
    image: reference,
    digest,
    status,
    code,
    provisional,
    answer: answer.hookStatus,
    callBackDelay: answer.callBackDelay,
    notified: message !== undefined,
    milliseconds,
    detail,
    expected: { verdict: take.expected.verdict, answer: take.expected.answer, notified: take.expected.isTold },
    asExpected: isDeploymentAsExpected(row),
  };
}

function runningLine(row: SweptRow) {
  const { scene, image, message, expected } = row;
  const { reference, digest, status, code, before, containers, places, detail } = image;
  return {
    kind: "running",
    scene,
    image: reference,
    digest,
    status,
    code,
    before: before?.code,
    containers,
    container: places[0]?.container,
    notified: message !== undefined,
    detail,
    expected: { verdict: expected.verdict, notified: expected.isTold },
    asExpected: isSweptAsExpected(row),
  };
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
