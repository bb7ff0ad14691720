import { testClock } from "../../../support/clock";
import { HOUR_MS } from "../../../support/orders";
import { runningTasks } from "../../../support/running-tasks";
import { testSweep } from "../../../support/sweep";
import { HEAD, withAws } from "./aws";
import { ecsContainers, type Place, toPlaceVerdict } from "./place";

/** The sweep, where it enforces. Its verdicts are those of the images that it remembers. */
export const sweep: Place = {
  name: "sweep",
  judge(task) {
    const played = runningTasks(HEAD);
    return withAws(task, played.answers, async ({ config, orders }) => {
      // An hour passes before each sweep. The first stops nothing, so it finds an empty cluster.
      const clock = testClock(new Date(task.now.getTime() - 2 * HOUR_MS));
      const made = testSweep({
        aws: config,
        dynamodb: config,
        table: "ledger",
        mode: "enforce",
        settings: { trust: task.trust },
        notation: task.notation,
        orders,
        clock,
      });
      try {
        played.put("shop", []);
        await made.sweep();
        played.put("shop", [{ createdAt: task.now, containers: ecsContainers(task) }]);
        await made.sweep();
      } finally {
        made.close();
      }
      const images = made.reconciled.at(-1)?.images ?? [];
      const found = images.flatMap((image) => image.places.map((place) => [place.container, toPlaceVerdict(image)]));
      return { containers: Object.fromEntries(found), isRefused: played.stopped.size > 0 };
    });
  },
};
