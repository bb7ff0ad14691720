/** The first version in a text, as numbers: "v3.259.0" is [3, 259, 0]. Undefined if there is none. */
export function versionIn(text: string): readonly number[] | undefined {
  const [found] = /\d+(?:\.\d+){0,2}/.exec(text) ?? [];
  return found?.split(".").map(Number);
}

/** Below 0 if the first version is older, above 0 if it is newer. */
export function compareVersions(one: readonly number[], other: readonly number[]): number {
  const at = [0, 1, 2].find((index) => (one[index] ?? 0) !== (other[index] ?? 0));
  return at === undefined ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
}

/**
 * Whether a version satisfies a requirement like `>=3.259.0` or `>=3.1.0 <4`; undefined for other forms, which Pulumi itself
 * reads.
 */
export function satisfies(version: readonly number[], requirement: string): boolean | undefined {
  const parts = requirement.trim().split(/\s+/);
  const answers = parts.map((part) => {
    const [, sign = "", text = ""] = /^(>=|<=|>|<|=?)v?(\d+(?:\.\d+){0,2})$/.exec(part) ?? [];
    const wanted = versionIn(text);
    if (wanted === undefined) return undefined;
    const order = compareVersions(version, wanted);
    return SIGNS[sign]?.(order);
  });
  return answers.includes(undefined) ? undefined : answers.every((answer) => answer === true);
}

const SIGNS: Readonly<Record<string, (order: number) => boolean>> = {
  ">=": (order) => order >= 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  "<": (order) => order < 0,
  "=": (order) => order === 0,
  "": (order) => order === 0,
};
