import { type PlaygroundSettings, readPlaygroundSettings } from "../../local/playground/settings";
import { PLAYGROUND_VARIABLE } from "../../local/playground/variable";
import { UsageError } from "../lib/errors";

/** How a shell comes out of it. */
export const LEAVE = `Use another terminal, or here: unset ${PLAYGROUND_VARIABLE}`;

/**
 * The playground that this shell is pointed at, if it is.
 *
 * @throws {@link UsageError} if there is no such playground any more: its settings must not silently give way to AWS.
 */
export function playgroundInForce(env: NodeJS.ProcessEnv = process.env): PlaygroundSettings | undefined {
  const file = env[PLAYGROUND_VARIABLE];
  if (!file) return undefined;
  const read = readPlaygroundSettings(file);
  if ("settings" in read) return read.settings;
  throw new UsageError(`${PLAYGROUND_VARIABLE}: ${file} ${read.problem}. ${LEAVE}`);
}

/**
 * Checks that a command which may use a playground's certificates works on the playground's registry only: a variable must not
 * make anybody trust an image that others can pull.
 *
 * @throws {@link UsageError}
 */
export function checkPlaygroundRegistries(registries: readonly string[], env: NodeJS.ProcessEnv = process.env): void {
  const playground = playgroundInForce(env);
  const others = playground === undefined ? [] : registries.filter((registry) => registry !== playground.registry);
  if (playground === undefined || others.length === 0) return;
  throw new UsageError(
    `This shell is pointed at the playground, whose certificates are for images of ${playground.registry} only, not of ${others.join(", ")}. ${LEAVE}`,
  );
}
