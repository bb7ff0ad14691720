import type { ContainerVerdict, LaunchVerdict } from "../ecs/launch-verdict";
import type { Settings } from "../settings";

/** What comes of the verdicts on a launch. */
export interface Decision {
  /** The status that the response goes by. */
  readonly status: LaunchVerdict["status"];
  /** Whether an inconclusive container is to be judged again later, and nothing of it is final yet. */
  readonly again: boolean;
}

/**
 * Decides what the verdicts come to. Only a denial acts. Inconclusive is judged again until the event is
 * `giveUpAfterSeconds` old; from then on it is final, and `onInconclusive` says whether it counts as a denial. One that
 * would only be told of is judged again as long as it can wait.
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
