import { type DeploymentRow, isDeploymentAsExpected } from "./deployments/play";
import type { Effects } from "./effects";
import { isAsExpected, isMessageExpected, type Row } from "./play";
import { isSweptAsExpected, type PlayedSweeps, type SweptRow } from "./sweep/play";

/** What was played. */
export interface Played {
  readonly rows: readonly Row[];
  readonly deployments: readonly DeploymentRow[];
  readonly sweeps: Pick<PlayedSweeps, "rows">;
}

/** The result of the demo. */
export interface Summary extends Effects {
  readonly launches: number;
  readonly containers: number;
  /** Several for a container that is judged again. */
  readonly verdicts: number;
  /** Deployments that the gate was asked about, and those that it refused. */
  readonly deployments: number;
  readonly refused: number;
  /** Images that the last sweep found, and those of them that are denied. */
  readonly running: number;
  readonly runningDenied: number;
  /** The number of rows with an unexpected verdict, response or message. */
  readonly unexpected: number;
  readonly seconds: number;
}

export function summarize({ rows, deployments, sweeps }: Played, effects: Effects, seconds: number): Summary {
  return {
    launches: new Set(rows.map(({ launch }) => launch.taskArn)).size,
    containers: new Set(rows.map(({ launch, container }) => `${launch.taskArn} ${container}`)).size,
    verdicts: rows.length,
    ...effects,
    deployments: new Set(deployments.map(({ take }) => take.deployment.deploymentArn)).size,
    refused: deployments.filter(({ answer }) => answer.hookStatus === "FAILED").length,
    running: lastSweep(sweeps).length,
    runningDenied: lastSweep(sweeps).filter(({ image }) => image.status === "denied").length,
    unexpected:
      rows.filter((row) => !isAsExpected(row)).length +
      sweeps.rows.filter((row) => !isSweptAsExpected(row)).length +
      deployments.filter((row) => !isDeploymentAsExpected(row)).length,
    seconds: Math.round(seconds * 10) / 10,
  };
}

/** The summary in one line, or the list of unexpected rows. */
export function summaryText({ rows, deployments, sweeps }: Played, summary: Summary): string {
  const { launches, containers, unexpected, stops, rollBacks, messages, events, seconds } = summary;
  const played = `${launches} launches, ${containers} containers; ${summary.deployments} deployments, ${summary.refused} refused; ${summary.running} images swept, ${summary.runningDenied} denied`;
  const done = `Launches: ${stops} stopped, ${rollBacks} rolled back, ${messages} messages, ${events} events.`;
  if (unexpected === 0) return `${played}: all as expected.\n${done} ${seconds} s.`;
  const list = [
    ...rows.filter((row) => !isAsExpected(row)).map(unexpectedText),
    ...deployments.filter((row) => !isDeploymentAsExpected(row)).map(unexpectedDeployment),
    ...sweeps.rows.filter((row) => !isSweptAsExpected(row)).map(unexpectedImage),
  ];
  return [`${played}: ${unexpected} not as expected.`, `${done} ${seconds} s.`, ...list].join("\n");
}

function unexpectedText(row: Row): string {
  const { scene, container, verdict, response, message, expected, expectedResponse } = row;
  const wanted = `expected ${expected ?? "no such container"}, ${expectedResponse}, ${toldText(isMessageExpected(row))}`;
  const got = `got ${verdict.status} ${verdict.code}, ${response}, ${toldText(message !== undefined)}`;
  return `  ${scene}: ${container}: ${wanted}; ${got} (${verdict.detail})`;
}

function unexpectedDeployment({ scene, take, container, verdict, answer, message }: DeploymentRow): string {
  const { expected } = take;
  const wanted = `expected ${expected.verdict}, ${expected.answer}, ${toldText(expected.isTold)}`;
  const got = `got ${verdict.status} ${verdict.code}, ${answer.hookStatus}, ${toldText(message !== undefined)}`;
  return `  ${scene}: ${container}: ${wanted}; ${got} (${verdict.detail})`;
}

/** The rows of the last sweep. */
function lastSweep({ rows }: Played["sweeps"]): readonly SweptRow[] {
  return rows.filter(({ scene }) => scene === rows.at(-1)?.scene);
}

function unexpectedImage({ scene, image, message, expected }: SweptRow): string {
  const wanted = `expected ${expected.verdict}, ${toldText(expected.isTold)}`;
  return `  ${scene}: ${image.reference}: ${wanted}; got ${image.status} ${image.code}, ${toldText(message !== undefined)} (${image.detail})`;
}

function toldText(notified: boolean): string {
  return notified ? "notified" : "not notified";
}
