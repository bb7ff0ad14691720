import { readdirSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { suggestKey } from "./suggest-key";

/**
 * Why a file or folder cannot be read: sentences for a person, without the path.
 *
 * @param error the error of the file system.
 */
export function whyUnreadable(path: string, error: unknown, expected: "file" | "folder" = "file"): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return `There is no such ${expected}.${nearSentence(path)}`;
  if (code === "EISDIR") return "It is a folder, but a file is expected.";
  if (code === "ENOTDIR") {
    return expected === "folder"
      ? "It is a file, but a folder is expected."
      : "A part of its path is a file, not a folder.";
  }
  if (code === "EACCES" || code === "EPERM") return "This user is not allowed to read it.";
  return `${error instanceof Error ? error.message : error}`.replace(/\.?$/, ".");
}

/** Suggests another name in the same folder, if a similar one exists. */
function nearSentence(path: string): string {
  const names = namesIn(dirname(path));
  const stem = suggestKey(toStem(path), names.map(toStem));
  const near = names.find((name) => toStem(name) === stem);
  if (near === undefined) return "";
  return ` Did you mean ${dirname(path) === "." ? near : join(dirname(path), near)}?`;
}

/** The name without its extension: two files are not similar just because both are YAML. */
function toStem(path: string): string {
  return basename(path, extname(path));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
