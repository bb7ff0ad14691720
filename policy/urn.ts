/** The types in a resource's URN, from the outermost parent to the resource itself. */
function typesOf(urn: string): readonly string[] {
  return (urn.split("::")[2] ?? "").split("$");
}

/** Whether a resource has a component of the type among its parents. */
export function isInside(urn: string, component: string): boolean {
  return typesOf(urn).slice(0, -1).includes(component);
}
