/** The types in a resource's URN, from the outermost parent to the resource itself. */
function typesOf(urn: string): readonly string[] {
  return (urn.split("::")[2] ?? "").split("$");
}

/** Whether a resource has a component of the type among its parents. */
export function isInside(urn: string, component: string): boolean {
  return typesOf(urn).slice(0, -1).includes(component);
}

/** The name that a resource has in the program. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
