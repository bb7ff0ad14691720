/**
 * What CHANGELOG.md says of a version, without its heading; undefined if it has no section for it, or one that is empty.
 *
 * @param version A number such as `1.2.0`, or `Unreleased`.
 */
export function sectionOf(changelog: string, version: string): string | undefined {
  const lines = changelog.split("\n");
  const start = lines.findIndex((line) => line === `## [${version}]` || line.startsWith(`## [${version}] `));
  if (start === -1) return undefined;
  const length = lines.slice(start + 1).findIndex((line) => /^## |^\[[^\]]+\]: /.test(line));
  const section = lines.slice(start + 1, length === -1 ? undefined : start + 1 + length);
  return section.join("\n").trim() || undefined;
}
