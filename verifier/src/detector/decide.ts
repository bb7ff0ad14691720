import type { Settings } from "../baked-settings";
import type { ContainerVerdict, LaunchVerdict } from "../ecs/launch-verdict";

/** The decision that follows from the verdicts on a launch. */
export interface Decision {
  /** The status that decides the response. */
  readonly status: LaunchVerdict["status"];
  /** Whether an inconclusive container is judged again later; until then its verdict is not final. */
  readonly again: boolean;
}

/**
 * Decides what follows from the verdicts. Only a denial leads to an action. An inconclusive container is judged again
 * until the event is `giveUpAfterSeconds` old. From then on the verdict is final, and `onInconclusive` says whether it
 * counts as a denial. If it would only be reported, the container is judged again as long as it can wait.
 */
export function decide(
  containers: readonly ContainerVerdict[],
  { ageSeconds, canWait }: { readonly ageSeconds: number; readonly canWait: boolean },
  { giveUpAfterSeconds, onInconclusive }: Pick<Settings, "giveUpAfterSeconds" | "onInconclusive">,
): Decision {
  const statuses = containers.map(({ verdict }) => verdict.status);
  const inconclusive = statuses.includes("inconclusive");
  const again = inconclusive && (ageSeconds < giveUpAfterSeconds || (canWait && onInconclusive === "alert"));
  if (statuses.includes("denied")) return { status: "denied", again };
  if (!inconclusive) return { status: "trusted", again };
  return { status: !again && onInconclusive === "deny" ? "denied" : "inconclusive", again };
}
