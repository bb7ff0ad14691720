import { hookCallFor, localDeployments } from "../../../../local/ecs-deployments";
import { answerCall } from "../../../../verifier/src/gate/answer-call";
import { assembleGate } from "../../../../verifier/src/gate/assemble";
import { settings, testDetector } from "../../../support/detector";
import { ENFORCING } from "../../../support/gate";
import { mustNotHappen, RESOURCES, SHOP, withAws } from "./aws";
import { byContainer, type Place } from "./place";

/** The deployment gate, where it enforces, before a task starts. Its verdicts are those of its records. */
export const deploymentGate: Place = {
  name: "deployment gate",
  judge(task) {
    const now = () => task.now.getTime();
    const deployments = localDeployments(SHOP, now);
    return withAws(task, deployments.answers, async ({ clients, orders }) => {
      const { seen, metrics, log } = testDetector();
      const gate = assembleGate({
        settings: settings({ trust: task.trust }),
        environment: ENFORCING,
        resources: RESOURCES,
        notation: task.notation,
        credentialsFor: async () => undefined,
        orders,
        findOpening: async () => undefined,
        clients,
        metrics: { ...metrics, answered: () => {}, failed: () => {}, heartbeat: () => {} },
        log,
        gateLog: { warn: () => {} },
        onLedgerUnavailable: mustNotHappen,
        now,
        pause: async () => {},
      });
      const containers = task.containers.map(({ name, image }) => ({ name, image: image.reference }));
      const { hookStatus } = await answerCall(hookCallFor(deployments.deploy("web", containers), "PRE_SCALE_UP"), {
        environment: gate.environment,
        start: () => gate,
        now,
        onFailure: mustNotHappen,
      });
      return { containers: byContainer(seen.lines), isRefused: hookStatus === "FAILED" };
    });
  },
};
