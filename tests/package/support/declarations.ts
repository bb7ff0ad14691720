import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The declarations that a program reads which imports these files, and the packages that they name. */
export interface Declarations {
  readonly files: readonly string[];
  readonly packages: readonly string[];
}

/** Follows the imports of declaration files. */
export function reachable(entries: readonly string[]): Declarations {
  const files = new Set<string>();
  const packages = new Set<string>();
  const waiting = [...entries];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    const text = readFileSync(file, "utf8").replace(/\/\*.*?\*\//gs, "");
    for (const [, path = ""] of text.matchAll(/(?:\bfrom |\bimport |\bimport\()"([^"]+)"/g)) {
      if (path.startsWith(".")) waiting.push(declarationOf(join(dirname(file), path)));
      else packages.add(/^(@[^/]+\/[^/]+|[^/]+)/.exec(path)?.[1] ?? path);
    }
  }
  return { files: [...files], packages: [...packages] };
}

function declarationOf(path: string): string {
  const file = `${path}.d.ts`;
  return existsSync(file) ? file : join(path, "index.d.ts");
}
