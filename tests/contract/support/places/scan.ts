import assert from "node:assert/strict";
import { runningTasks } from "../../../support/running-tasks";
import { HEAD } from "./aws";
import type { Operator } from "./operator";
import { ecsContainers, type Place, toPlaceVerdict } from "./place";

/** `scan` of the cluster that runs the task. Its output names images, not containers. */
export const scanCommand = (operator: Operator): Place => ({
  name: "scan",
  async judge(task) {
    const played = runningTasks(HEAD);
    played.put("shop", [{ containers: ecsContainers(task) }]);
    const words = ["scan", "--region", "eu-west-1", "--cluster", "shop"];
    const { stdout, isRefused } = await operator.call(task, played.answers, ...words);
    const { images } = JSON.parse(stdout);
    const containers = task.containers.map(({ name, image }) => {
      const found = images.find(
        (one: { repository: string; digest: string }) => `${one.repository}@${one.digest}` === image.reference,
      );
      return [name, toPlaceVerdict(found?.verdict ?? assert.fail(`${image.reference} is not in ${stdout}`))];
    });
    return { containers: Object.fromEntries(containers), isRefused };
  },
});
