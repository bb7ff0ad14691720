import { assembleDetector } from "../../../../verifier/src/detector/assemble";
import { handleLaunch } from "../../../../verifier/src/detector/handle";
import { settings, testDetector } from "../../../support/detector";
import { runningEvent } from "../../../support/launch-events";
import { runningTasks } from "../../../support/running-tasks";
import { HEAD, mustNotHappen, RESOURCES, withAws } from "./aws";
import { byContainer, ecsContainers, type Place } from "./place";

/** The launch detector, where it enforces. Its verdicts are those of its records. */
export const launchDetector: Place = {
  name: "launch detector",
  judge(task) {
    const played = runningTasks(HEAD);
    return withAws(task, played.answers, async ({ clients, orders }) => {
      // Its metrics and log keep what they get.
      const { seen, metrics, log } = testDetector();
      const now = () => task.now.getTime();
      const detector = assembleDetector({
        settings: settings({ trust: task.trust }),
        resources: RESOURCES,
        notation: task.notation,
        credentialsFor: async () => undefined,
        orders,
        clients,
        metrics,
        log,
        onLedgerUnavailable: mustNotHappen,
        now,
        pause: async () => {},
      });
      const event = runningEvent({ createdAt: task.now.toISOString(), containers: ecsContainers(task) });
      await handleLaunch(detector, { ...event, time: task.now.toISOString() }, () => 60_000);
      return { containers: byContainer(seen.lines), isRefused: played.stopped.size > 0 };
    });
  },
};
