import type { Launch } from "../ecs/launch";
import type { LaunchVerdict } from "../ecs/launch-verdict";
import { parseServiceGroup } from "../ecs/service-group";

/**
 * What enforcing a verdict on a launch comes to:
 * - `none`: the launch goes on.
 * - `retry`: judged again; once it is too late for that, the environment's setting for inconclusive launches decides.
 * - `stop-task`: the task is stopped.
 * - `roll-back-and-stop-task`: first the deployment in progress of the service is rolled back, if there is one, since
 *   the service would replace a stopped task by another of the same image.
 */
export type LaunchResponse =
  | { readonly action: "none" | "retry" | "stop-task" }
  | { readonly action: "roll-back-and-stop-task"; readonly service: string };

/**
 * What enforcement would do about a launch with this status. Only a denial acts.
 *
 * The group is a hint, not a proof: whoever may call RunTask may choose it. Before a deployment is rolled back, it must
 * be seen to have started this task.
 */
export function plannedResponse(launch: Pick<Launch, "group">, status: LaunchVerdict["status"]): LaunchResponse {
  if (status === "trusted") return { action: "none" };
  if (status === "inconclusive") return { action: "retry" };
  const service = parseServiceGroup(launch.group);
  return service === undefined ? { action: "stop-task" } : { action: "roll-back-and-stop-task", service };
}
