import { environmentProgram } from "./program";
import { pulumiSource } from "./pulumi-source";

/**
 * A whole Pulumi program: makes the environment that the running stack's configuration (Pulumi.<stack>.yaml) describes, and
 * gives the stack's outputs, which the commands with `--stack` read:
 *
 * ```ts
 * import { environmentOfStack } from "ecs-image-verification/environment";
 *
 * export = environmentOfStack;
 * ```
 */
export function environmentOfStack(): Promise<Readonly<Record<string, unknown>>> {
  return environmentProgram(pulumiSource);
}
