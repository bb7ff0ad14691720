import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The per-user folder for built programs and downloads. It is outside the checkout, so that a second clone can use it.
 * `ECS_IMAGE_VERIFICATION_CACHE` names another folder.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const chosen = env.ECS_IMAGE_VERIFICATION_CACHE;
  if (chosen) return chosen;
  return join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "ecs-image-verification");
}
