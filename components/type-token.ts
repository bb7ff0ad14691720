/** The type of one of this project's components, as Pulumi's state and policies name it. */
export function typeToken<const Name extends string>(name: Name) {
  return `ecs-image-verification:components:${name}` as const;
}
