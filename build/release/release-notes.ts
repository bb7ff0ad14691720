/** The text of a release: what CHANGELOG.md says of it, and how to know that its files are those. */
export function releaseNotes({
  changes,
  commit,
  isSnapshot,
}: {
  readonly changes: string;
  readonly commit: string;
  readonly isSnapshot: boolean;
}): string {
  const warning = isSnapshot ? "**This is a snapshot for trying out, and no release.**\n\n" : "";
  return `${warning}${unfold(changes)}

### Files

Made from commit ${commit}. \`SHA256SUMS\` has the checksum of each: \`sha256sum --check --ignore-missing SHA256SUMS\`.
SECURITY.md says how to verify where they were made.
`;
}

/** GitHub shows each line break in the text of a release, so a paragraph and an item must be one line. */
function unfold(markdown: string): string {
  const lines: string[] = [];
  for (const line of markdown.split("\n")) {
    const last = lines.at(-1) ?? "";
    const begins = /^\s*(?:$|#|>|\||[-*+] |\d+\. )/.test(line) || last === "" || last.startsWith("#");
    if (begins) lines.push(line);
    else lines[lines.length - 1] = `${last} ${line.trim()}`;
  }
  return lines.join("\n");
}
