import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** A block of code of a document. */
export interface Snippet {
  /** `sh`, `ts`, ... */
  readonly language: string;
  readonly code: string;
}

/** The blocks of code under a heading of a document of this repository, in their order. */
export function snippets(document: string, heading: string): readonly Snippet[] {
  const text = readFileSync(resolve(__dirname, "../..", document), "utf8");
  const section = text.split(/^(?=## )/m).find((part) => part.startsWith(`## ${heading}\n`));
  if (section === undefined) throw new Error(`${document} has no heading "${heading}".`);
  return [...section.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = "", code = ""]) => ({ language, code }));
}
