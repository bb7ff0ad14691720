/** Number of insertions, deletions and substitutions that turn one text into the other (Levenshtein). */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [row, character] of [...from].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...to].entries()) {
      const substituted = (previous[column] ?? 0) + (character === other ? 0 : 1);
      current.push(Math.min(substituted, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}

/** The known key that `key` was most likely meant to be, if one is similar enough. */
export function suggestKey(key: string, known: readonly string[]): string | undefined {
  if (key.length > 40) return undefined;
  const written = key.toLowerCase();
  const near = known
    .map((candidate) => ({ candidate, distance: editDistance(written, candidate.toLowerCase()) }))
    // A third of the key may be wrong: enough for `registry` instead of `registries`.
    .filter(({ candidate, distance }) => distance <= Math.max(2, Math.floor(candidate.length / 3)))
    .sort((one, other) => one.distance - other.distance);
  return near[0]?.candidate;
}
