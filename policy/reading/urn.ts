/** The types in a resource's URN, from the outermost parent to the resource itself. */
function parseTypes(urn: string): readonly string[] {
  return (urn.split("::")[2] ?? "").split("$");
}

/** Whether one of a resource's parents is a component of the type. */
export function isInside(urn: string, component: string): boolean {
  return parseTypes(urn).slice(0, -1).includes(component);
}

/** The name of a resource in the program. */
export function parseName(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
