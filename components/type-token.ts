/** The Pulumi type of one of this project's components. */
export function typeToken<const Name extends string>(name: Name) {
  return `ecs-image-verification:components:${name}` as const;
}
