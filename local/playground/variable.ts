/**
 * The environment variable that points the command line at a playground: it names the playground's settings file. In a file
 * of its own, because the command line looks at it at each start.
 */
export const PLAYGROUND_VARIABLE = "ECS_IMAGE_VERIFICATION_PLAYGROUND";
