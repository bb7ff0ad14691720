import type { Row } from "./play";

/** One of the sent messages: if possible about a service's deployment, because that one shows most actions. */
export function exampleMessage(rows: readonly Row[]): string {
  const told = rows.filter(({ message }) => message !== undefined);
  const { message } = told.find(({ response }) => response === "rolled-back-and-stopped") ?? told[0] ?? {};
  if (message === undefined) return "No message was sent.";
  const lines = [`Subject: ${message.subject}`, "", ...message.text.split("\n")];
  return ["One of the messages, as subscribers of the SNS topic get it:", ...lines.map(indented)].join("\n");
}

function indented(line: string): string {
  return line === "" ? "" : `  ${line}`;
}
