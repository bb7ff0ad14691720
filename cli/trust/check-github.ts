import { type Annotation, FINDING_KINDS } from "./check-report";

/**
 * A finding as a workflow command of GitHub Actions, which shows it beside the line of the file (GitHub Docs, "Workflow commands",
 * `::error file=,line=,col=,title=::message`).
 */
export function githubCommand({ kind, level, file, position, message }: Annotation): string {
  const properties = Object.entries({
    file,
    line: position.line,
    col: position.column,
    title: FINDING_KINDS[kind],
  }).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${level} ${properties.join(",")}::${escapeData(message)}`;
}

// As in the toolkit of GitHub Actions (@actions/core, command.ts).
function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
