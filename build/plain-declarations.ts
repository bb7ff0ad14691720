/**
 * A declaration file without the `type` in lists such as `import { type A, b }`. In declarations it means nothing, and the
 * TypeScript 3.8 that Pulumi runs programs with where a project has none of its own does not know it.
 */
export function withoutTypeModifiers(declarations: string): string {
  return declarations.replace(/^((?:import|export)\b[^;{]*\{)([^}]*)\}/gm, (_, head: string, names: string) => {
    return `${head}${names.replace(/(^|,)(\s*)type (?=\w)/g, "$1$2")}}`;
  });
}
