import type { Row } from "./play";

/** One of the messages that were sent: about a service's deployment if there is one, since most was done about it. */
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
