/**
 * An action whose module is loaded when the command runs, so that `--help` and the other commands load neither it
 * nor its imports.
 *
 * @param load Calls `require`: tsx treats an `import()` as one of an ES module, which does not find a file without its extension.
 */
export function lazily<Call extends unknown[]>(
  load: () => (...call: Call) => Promise<void>,
): (...call: Call) => Promise<void> {
  return (...call) => load()(...call);
}
