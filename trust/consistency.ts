import type { Problem } from "./problem";
import { formatPath } from "./problem";
import { quote } from "./quote";
import { everyRepository, toRegistry } from "./repository-entry";
import { repositoryKey } from "./same-registry";

/** The part of a statement that must match the rest of the document. */
export interface StatementNames {
  /** Its position in `statements`. */
  readonly index: number;
  readonly name?: string;
  /** The valid entries only, each with its position; an invalid one is reported separately. */
  readonly repositories: readonly { readonly index: number; readonly text: string }[];
}

interface Entry {
  readonly statement: number;
  readonly path: string;
  readonly text: string;
}

function listEntries(statements: readonly StatementNames[]): readonly Entry[] {
  return statements.flatMap((statement) =>
    statement.repositories.map(({ index, text }) => ({
      statement: statement.index,
      path: formatPath(["statements", statement.index, "repositories", index]),
      text,
    })),
  );
}

function duplicateNames(statements: readonly StatementNames[]): readonly Problem[] {
  return statements.flatMap((statement, position): Problem[] => {
    const { name } = statement;
    const first = statements.slice(0, position).find((earlier) => earlier.name === name);
    if (name === undefined || first === undefined) return [];
    const path = formatPath(["statements", statement.index, "name"]);
    const message = `is already the name of statements[${first.index}]`;
    return [{ path, value: name, message, fix: "Rename one of them, or merge them into one statement." }];
  });
}

function duplicateRepositories(entries: readonly Entry[]): readonly Problem[] {
  const firstByName = new Map<string, Entry>();
  return entries.flatMap((entry): Problem[] => {
    const key = entry.text === everyRepository ? entry.text : repositoryKey(entry.text);
    const first = firstByName.get(key);
    if (first === undefined) {
      firstByName.set(key, entry);
      return [];
    }
    const fix =
      first.statement === entry.statement
        ? "Remove one of them."
        : "Put the identities that may sign it into one statement, and remove it from the other.";
    const spelled = first.text === entry.text ? "" : `, under another name of the same registry, ${quote(first.text)}`;
    const message = `is already in ${first.path}${spelled}; Notation allows a repository in one statement only`;
    return [{ path: entry.path, value: entry.text, message, fix }];
  });
}

function crowdedWildcards(statements: readonly StatementNames[]): readonly Problem[] {
  return statements.flatMap((statement): Problem[] => {
    const { repositories } = statement;
    const wildcard = repositories.find(({ text }) => text === everyRepository);
    if (wildcard === undefined || repositories.every(({ text }) => text === everyRepository)) return [];
    return [
      {
        path: formatPath(["statements", statement.index, "repositories", wildcard.index]),
        value: everyRepository,
        message: "is listed with other repositories; Notation allows it only alone",
        allowed: '"*" alone, or exact repositories',
        fix: 'Remove the other repositories, because "*" covers them, or move "*" to a separate statement.',
      },
    ];
  });
}

function foreignRepositories(entries: readonly Entry[], isListed: (registry: string) => boolean): readonly Problem[] {
  return entries.flatMap((entry): Problem[] => {
    if (entry.text === everyRepository || isListed(toRegistry(entry.text))) return [];
    const registry = quote(toRegistry(entry.text));
    return [
      {
        path: entry.path,
        value: entry.text,
        message: `is in the registry ${registry}, which is not in registries`,
        fix: `Add ${registry} to registries, or remove the repository.`,
      },
    ];
  });
}

/** The problems between parts of a document, each of which is valid by itself. */
export function consistencyProblems(
  statements: readonly StatementNames[],
  isListed: (registry: string) => boolean,
): readonly Problem[] {
  const entries = listEntries(statements);
  return [
    ...duplicateNames(statements),
    ...crowdedWildcards(statements),
    ...duplicateRepositories(entries),
    ...foreignRepositories(entries, isListed),
  ];
}
