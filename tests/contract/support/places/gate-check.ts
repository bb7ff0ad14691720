import { localDeployments } from "../../../../local/ecs-deployments";
import { deployedServices } from "../../../support/deployed-services";
import { HEAD, SHOP } from "./aws";
import type { Operator } from "./operator";
import { type Place, toPlaceVerdict } from "./place";

/** `gate check` of a service that runs the task. */
export const gateCheckCommand = (operator: Operator): Place => ({
  name: "gate check",
  async judge(task) {
    const now = () => task.now.getTime();
    const deployments = localDeployments(SHOP, now);
    const services = deployedServices(HEAD, SHOP.cluster, now);
    const revision = task.containers.map(({ name, image }) => ({
      name,
      image: image.reference,
      digest: image.descriptor.digest,
    }));
    services.put("web", { current: [deployments.deploy("web", revision)] });
    const ecs = { ...deployments.answers, ...services.answers };
    const { stdout, isRefused } = await operator.call(task, ecs, "gate", "check", "shop/web");
    const lines = stdout.trim().split("\n");
    const containers = lines.map((line) => {
      const { container, verdict } = JSON.parse(line);
      return [container, toPlaceVerdict(verdict)];
    });
    return { containers: Object.fromEntries(containers), isRefused };
  },
});
