import { createHash } from "node:crypto";
import { version } from "../../package.json";
import { type Annotation, FINDING_KINDS } from "./check-report";

const HELP = "See docs/trust-document.md and docs/configuration.md of ecs-image-verification.";

/**
 * The findings as a log of SARIF 2.1.0, with what GitHub's code scanning requires (GitHub Docs, "SARIF support for code
 * scanning").
 */
export function sarifLog(annotations: readonly Annotation[]): string {
  return JSON.stringify({
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "ecs-image-verification", semanticVersion: version, rules: RULES } },
        columnKind: "utf16CodeUnits",
        results: annotations.map(toResult),
      },
    ],
  });
}

const RULES = Object.entries(FINDING_KINDS).map(([id, text]) => ({
  id,
  shortDescription: { text },
  fullDescription: { text: `${text}.` },
  help: { text: HELP },
  defaultConfiguration: { level: id === "trust-warning" ? "warning" : "error" },
}));

function toResult({ kind, level, file, position, message }: Annotation) {
  const { line, column, endLine = line, endColumn = column } = position;
  return {
    ruleId: kind,
    ruleIndex: RULES.findIndex(({ id }) => id === kind),
    level,
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: file.split("/").map(encodeURIComponent).join("/") },
          region: { startLine: line, startColumn: column, endLine, endColumn },
        },
      },
    ],
    // Without the line: a finding that moves stays the same one.
    partialFingerprints: { primaryLocationLineHash: fingerprint(kind, file, message) },
  };
}

function fingerprint(...parts: readonly string[]): string {
  return `${createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16)}:1`;
}
