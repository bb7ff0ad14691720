import type { Message } from "../../verifier/src/reporting/message";
import type { DeploymentRow } from "./deployments/play";
import type { Row } from "./play";
import type { PlayedSweeps } from "./sweep/play";

/** One of the sent messages: if possible about a service's deployment, because that one shows most actions. */
export function exampleMessage(rows: readonly Row[]): string {
  const told = rows.filter(({ message }) => message !== undefined);
  const { message } = told.find(({ response }) => response === "rolled-back-and-stopped") ?? told[0] ?? {};
  return formatExample("One of the messages, as subscribers of the SNS topic get it:", message);
}

/** The message about a refused deployment. */
export function refusalMessage(rows: readonly DeploymentRow[]): string {
  const { message } = rows.find(({ answer }) => answer.hookStatus === "FAILED") ?? {};
  return formatExample("What people get of a refused deployment, since ECS shows no reason:", message);
}

/** The message about what the last sweep found. */
export function sweepMessage({ rows }: Pick<PlayedSweeps, "rows">): string {
  const { message } = rows.find((row) => row.message !== undefined) ?? {};
  return formatExample("What people get when the signature of a running image was revoked:", message);
}

function formatExample(title: string, message: Message | undefined): string {
  if (message === undefined) return "No message was sent.";
  const lines = [`Subject: ${message.subject}`, "", ...message.text.split("\n")];
  return [title, ...lines.map(indented)].join("\n");
}

function indented(line: string): string {
  return line === "" ? "" : `  ${line}`;
}
