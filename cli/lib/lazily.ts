/**
 * An action whose module is loaded when the command runs, so that `--help` and the other commands do without it and
 * without all that it imports.
 *
 * @param load Calls `require`: under tsx an `import()` is none of CommonJS, and does not find a file without its extension.
 */
export function lazily<Call extends unknown[]>(
  load: () => (...call: Call) => Promise<void>,
): (...call: Call) => Promise<void> {
  return (...call) => load()(...call);
}
