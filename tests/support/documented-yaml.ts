import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";

const checkout = resolve(__dirname, "../..");

/** A mapping in a block of YAML of a document. */
export interface DocumentedExample {
  readonly file: string;
  readonly value: object;
}

/** The blocks of YAML in README.md and docs/ that are mappings. */
export function documentedExamples(): readonly DocumentedExample[] {
  const names = readdirSync(join(checkout, "docs")).filter((name) => name.endsWith(".md"));
  return ["README.md", ...names.map((name) => `docs/${name}`)].flatMap((file) =>
    yamlBlocks(readFileSync(join(checkout, file), "utf8")).flatMap((text): DocumentedExample[] => {
      const value: unknown = parse(text);
      return typeof value === "object" && value !== null && !Array.isArray(value) ? [{ file, value }] : [];
    }),
  );
}

/** Those between ```yaml lines, and those that a shell writes to a YAML file. */
function yamlBlocks(markdown: string): readonly string[] {
  return [
    ...[...markdown.matchAll(/^```yaml\n(.*?)^```$/gms)],
    ...[...markdown.matchAll(/^cat > \S+\.yaml <<'EOF'\n(.*?)^EOF$/gms)],
  ].map(([, text = ""]) => text);
}
