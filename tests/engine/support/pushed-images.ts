/**
 * The repositories into which the stand-ins have pushed, by `registry/name`. Docker and AWS are plugins apart: what one pushes, the
 * other finds in the registry. Names of repositories end in random letters, so tests do not meet here.
 */
const repositories = new Set<string>();

/** Notes a push of an image: `registry/name` with a tag or a digest. */
export function pushed(image: string): void {
  repositories.add(image.replace(/@.*$/, "").replace(/:[^:/]+$/, ""));
}

export function hasImages(repository: string): boolean {
  return repositories.has(repository);
}
