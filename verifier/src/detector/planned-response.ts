import type { Launch } from "../ecs/launch";
import type { LaunchVerdict } from "../ecs/launch-verdict";
import { parseServiceGroup } from "../ecs/service-group";

/**
 * The action that enforcement takes on a launch:
 * - `none`: the launch continues.
 * - `retry`: it is judged again; when it is too late for that, the environment's `onInconclusive` decides.
 * - `stop-task`: the task is stopped.
 * - `roll-back-and-stop-task`: first the service's deployment in progress is rolled back, if there is one, because the
 *   service would replace a stopped task with another of the same image.
 */
export type LaunchResponse =
  | { readonly action: "none" | "retry" | "stop-task" }
  | { readonly action: "roll-back-and-stop-task"; readonly service: string };

/**
 * The action that enforcement would take on a launch with this status. Only a denial leads to one.
 *
 * The group is a hint, not a proof: anyone who may call RunTask can choose it. A deployment is rolled back only if ECS
 * shows that it started this task.
 */
export function plannedResponse(launch: Pick<Launch, "group">, status: LaunchVerdict["status"]): LaunchResponse {
  if (status === "trusted") return { action: "none" };
  if (status === "inconclusive") return { action: "retry" };
  const service = parseServiceGroup(launch.group);
  return service === undefined ? { action: "stop-task" } : { action: "roll-back-and-stop-task", service };
}
